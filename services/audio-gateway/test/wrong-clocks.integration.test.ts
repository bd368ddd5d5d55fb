import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ECodecs, VBANAudioPacket, VBANProtocolFactory } from 'vban';
import { bothWork, patient, speech, tone, withPulse } from './pulse-rig.ts';
import { until, withRig } from './rig.ts';
import { PULSEAUDIO } from './sound-servers.ts';

const options = { skip: PULSEAUDIO.missing, timeout: 120_000 };
const DRIFT = { drift_share: 0.02, drift_for_ms: 4000 };

interface Crystal {
  /** 1 is right. */
  setSpeed(speed: number): void;
  stop(): void;
}

/** A clock that may be wrong: calls with what is due. @param rate units a second @param take returns how many of them it took */
function startCrystal(rate: number, speed: number, take: (due: number) => number): Crystal {
  let since = performance.now();
  let owed = 0;
  const tick = () => {
    const now = performance.now();
    owed += ((now - since) * rate * speed) / 1000;
    since = now;
    owed -= take(Math.floor(owed));
  };
  const timer = setInterval(tick, 10);
  return {
    setSpeed(next) {
      tick();
      speed = next;
    },
    stop: () => clearInterval(timer),
  };
}

/** The end of a device of PulseAudio that is a pipe: 16 bit, mono. It moves bytes by its own clock. */
function openPipe(path: string, rate: number, speed: number, move: (pipe: number, bytes: number) => number): Crystal {
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const crystal = startCrystal(rate, speed, (samples) => {
    try {
      return samples === 0 ? 0 : Math.floor(move(pipe, samples * 2) / 2);
    } catch (error) {
      // The pipe is full, or empty: what is due is moved later.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  });
  return {
    ...crystal,
    stop() {
      crystal.stop();
      closeSync(pipe);
    },
  };
}

/** Quiet noise: exact zeros would be a muted device. */
const noise = (samples: number) => Buffer.from(Int16Array.from({ length: samples }, (_, i) => (i % 7) - 3).buffer);

describe('devices with a wrong clock', { concurrency: true }, () => {
  test('a microphone of PulseAudio that is 5 % slow is told, and proven once it is right', options, async () => {
    const inputs = [{ id: 'slow', kind: 'pulse', source: 'slow' }];
    await withPulse({ audio: { inputs, ...DRIFT } }, async (rig) => {
      const file = join(rig.server.folder, 'microphone');
      const format = ['format=s16le', 'rate=16000', 'channels=1'];
      await rig.server.pactl('load-module', 'module-pipe-source', 'source_name=slow', `file=${file}`, ...format);
      const microphone = openPipe(file, 16_000, 0.95, (pipe, bytes) => writeSync(pipe, noise(bytes / 2)));
      try {
        await until('it is told', () => rig.hear()?.by === 'clock_drift:slow');
        assert.equal(rig.devices.input.proveQuality('slow').ok, false);
        const told = rig.context.errors.find(({ code }) => code === 'AUDIO_CLOCK_DRIFT');
        assert.match(
          told?.message ?? '',
          /^Input slow delivers [3-7]\.\d % too little sound; set the same sample rate/,
        );
        microphone.setSpeed(1);
        await until('it is over', () => rig.hear()?.by === 'device:slow');
        assert.equal(rig.devices.input.proveQuality('slow').ok, true);
      } finally {
        microphone.stop();
      }
    });
  });

  test('a VBAN sender that is 5 % slow is told', { timeout: 120_000 }, async () => {
    const inputs = [{ id: 'slow', kind: 'vban', stream: 'SlowMic' }];
    await withRig({ audio: { inputs, ...DRIFT } }, async (rig) => {
      const socket = createSocket('udp4');
      const facts = { streamName: 'SlowMic', sr: 48_000, nbSample: 240, nbChannel: 1 };
      const coding = { bitResolution: 1, codec: ECodecs.VBAN_CODEC_PCM };
      let frameCounter = 0;
      const sender = startCrystal(48_000 / 240, 0.95, (packets) => {
        for (let sent = 0; sent < packets; sent += 1) {
          const packet = new VBANAudioPacket({ ...facts, ...coding, frameCounter }, noise(240));
          socket.send(VBANProtocolFactory.toUDPBuffer(packet), rig.listenPort, '127.0.0.1');
          frameCounter += 1;
        }
        return packets;
      });
      try {
        await until('it is told', () => rig.context.observed().hear?.by === 'clock_drift:slow');
        const told = rig.context.errors.find(({ code }) => code === 'AUDIO_CLOCK_DRIFT');
        assert.match(told?.message ?? '', /^Input slow delivers [3-7]\.\d % too little sound/);
      } finally {
        sender.stop();
        socket.close();
      }
    });
  });

  test(
    'a speaker with a slow, then a fast clock does not play whole, and is proven once it is right',
    options,
    async () => {
      await withPulse({ audio: { outputs: [{ id: 'crooked', kind: 'pulse', sink: 'crooked' }] } }, async (rig) => {
        const file = join(rig.server.folder, 'speaker');
        const format = ['format=s16le', 'rate=48000', 'channels=1'];
        await rig.server.pactl('load-module', 'module-pipe-sink', 'sink_name=crooked', `file=${file}`, ...format);
        // Its pipe takes the first 0.7 s at once.
        const speaker = openPipe(file, 48_000, 0.5, (pipe, bytes) => readSync(pipe, Buffer.alloc(bytes)));
        const say = async (seconds: number) =>
          rig.devices.output.selected()?.play(speech(tone(seconds)), () => {}, patient());
        const told = () => rig.context.errors.map(({ code, message }) => `${code}: ${message}`);
        try {
          await bothWork(rig);
          await say(3);
          assert.match(
            told().join('\n'),
            /^PLAYBACK_INCOMPLETE: Output crooked played (3[5-9]|[4-6]\d)\d\d ms where 3000 ms were synthesized/,
          );
          const slow = await rig.devices.test('crooked', patient());
          assert.match(slow.detail, /^crooked took \d+ ms for 1500 ms of silence$/);
          speaker.setSpeed(1);
          const right = await rig.devices.test('crooked', patient());
          assert.match(right.detail, /^crooked played 1500 ms of silence in \d+ ms$/);
          await say(1);
          assert.equal(told().length, 1);
          speaker.setSpeed(2);
          await say(3);
          assert.match(
            told()[1] ?? '',
            /^PLAYBACK_INCOMPLETE: Output crooked played (1\d|2[0-4])\d\d ms where 3000 ms/,
          );
        } finally {
          speaker.stop();
        }
      });
    },
  );
});
