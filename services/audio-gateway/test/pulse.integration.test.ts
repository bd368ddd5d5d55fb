import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { loudnessDb } from '../src/audio/loudness.ts';
import type { WavAudio } from '../src/audio/wav.ts';
import type { Speech } from '../src/devices/audio-sink.ts';
import { childrenNamed, type PulseRig, withPulse } from './pulse-rig.ts';
import { pulseMissing, startPulseServer } from './pulse-server.ts';
import { until } from './rig.ts';
import { noEspeak, speakWithEspeak } from './speak-with-espeak.ts';

const options = { skip: pulseMissing, timeout: 120_000 };
const patient = () => AbortSignal.timeout(30_000);
const bothWork = ({ hear, speak }: PulseRig) =>
  until('both devices work', () => hear()?.level === 'full' && speak()?.level === 'full');
const tone = (seconds: number, amplitude = 0.5, sampleRate = 24_000): WavAudio => ({
  sampleRate,
  samples: Float32Array.from(
    { length: seconds * sampleRate },
    (_, index) => amplitude * Math.sin((2 * Math.PI * 440 * index) / sampleRate),
  ),
});
const speech = ({ sampleRate, samples }: WavAudio): Speech => ({
  sampleRate,
  pieces: (async function* () {
    for (let start = 0; start < samples.length; start += 4000) yield samples.subarray(start, start + 4000);
  })(),
});
const loudSeconds = (samples: Float32Array): number => {
  let loud = 0;
  for (let start = 0; start < samples.length; start += 320) {
    if (loudnessDb(samples.subarray(start, start + 320)) > -45) loud += 0.02;
  }
  return loud;
};

test('speech goes from a null sink through parec to samples', {
  ...options,
  skip: pulseMissing || noEspeak,
}, async () => {
  await withPulse({}, async (rig) => {
    await bothWork(rig);
    assert.deepEqual(
      [rig.hear(), rig.speak()],
      [
        { level: 'full', by: 'device:headset_mic' },
        { level: 'full', by: 'device:headset' },
      ],
    );
    const spoken = { sampleRate: 16_000, samples: speakWithEspeak('hello my friend, how are you today') };
    await rig.server.say('headset_mic', spoken);
    await until('the sound has arrived', () => loudSeconds(rig.heard()) > 0.8 * loudSeconds(spoken.samples));
    assert.deepEqual(rig.reported(), []);
  });
});

test('what is spoken is heard at the sink, and begins and ends with it', options, async () => {
  await withPulse({}, async (rig) => {
    await bothWork(rig);
    const recording = await rig.server.record('headset.monitor');
    try {
      const begun: string[] = [];
      await rig.devices.output.selected()?.play(speech(tone(2)), () => void begun.push('begun'), patient());
      assert.deepEqual(begun, ['begun']);
      const loud = loudSeconds(recording.samples());
      assert.ok(Math.abs(loud - 2) < 0.3, `${loud} s of sound for 2 s of speech`);
      assert.deepEqual(rig.reported(), []);
    } finally {
      await recording.stop();
    }
  });
});

test('an aborted speech is silent at once and leaves no child', options, async () => {
  await withPulse({}, async (rig) => {
    await bothWork(rig);
    const recording = await rig.server.record('headset.monitor');
    try {
      const abort = new AbortController();
      await rig.devices.output.selected()?.play(speech(tone(20)), () => abort.abort(), abort.signal);
      await until('the child is gone', () => childrenNamed('pacat').length === 0);
      assert.ok(loudSeconds(recording.samples()) < 5);
    } finally {
      await recording.stop();
    }
  });
});

test(
  'a microphone that is unplugged while it is heard: nothing of the device to which the server moves the stream is heard',
  options,
  async () => {
    await withPulse({}, async (rig) => {
      await bothWork(rig);
      // The next default is what the desk plays: a film, as it were.
      await rig.server.pactl('set-default-source', 'desk.monitor');
      const film = new AbortController();
      const playing = rig.devices.output.sinks()[1]?.play(speech(tone(60)), () => {}, film.signal);
      for (let round = 1; round <= 5; round += 1) {
        await rig.server.unplug('headset_mic');
        await until('the loss is told', () => rig.reported().length === round);
        assert.deepEqual(rig.hear(), { level: 'off', by: 'no_frames:headset_mic' });
        const tested = await rig.devices.test('headset_mic', patient());
        assert.match(
          tested.detail,
          /^headset_mic: the sound server has no source headset_mic; it has headset_mic_feed.monitor, /,
        );
        assert.equal(tested.ok, false);
        await rig.server.plugMicrophone('headset_mic');
        await until('it is heard again by itself', () => rig.hear()?.level === 'full');
      }
      film.abort();
      await playing;
      assert.equal(loudSeconds(rig.heard()), 0, 'seconds of the film');
      assert.deepEqual(rig.reported(), Array(5).fill('AUDIO_DEVICE_LOST headset_mic'));
    });
  },
);

test('a stream that somebody moves is closed and opened again at the right device', options, async () => {
  await withPulse({}, async (rig) => {
    await bothWork(rig);
    const stream = (await rig.server.pactl('list', 'short', 'source-outputs'))
      .split('\n')
      .find((row) => row.includes('protocol-native'));
    await rig.server.pactl('move-source-output', stream?.split('\t')[0] ?? '', 'desk_mic');
    await rig.server.say('desk_mic', tone(1));
    await until('it is heard again', () => rig.hear()?.level === 'full');
    await rig.server.say('headset_mic', tone(1, 0.25));
    await until('the right one is heard', () => loudSeconds(rig.heard()) > 0.8);
    assert.ok(loudSeconds(rig.heard()) < 1.2, 'only the right one');
  });
});

test(
  'a killed server is told once, and all devices open again when it is back, with fresh children',
  options,
  async () => {
    await withPulse({}, async (rig) => {
      await bothWork(rig);
      const before = childrenNamed('parec');
      await rig.server.kill();
      await until('both are off', () => rig.hear()?.level === 'off' && rig.speak()?.level === 'off');
      await until('it is told', () => rig.reported().length === 2);
      assert.deepEqual(rig.reported().sort(), ['AUDIO_OUTPUT_LOST headset', 'AUDIO_SERVER_LOST pulse']);
      assert.match(
        rig.context.errors.find(({ code }) => code === 'AUDIO_SERVER_LOST')?.message ?? '',
        /^The sound server at unix:.*native (ended|refuses the connection: nobody listens there); start it/,
      );
      assert.equal((await rig.devices.proveServer()).ok, false);
      await rig.server.restart();
      await bothWork(rig);
      assert.equal((await rig.devices.proveServer()).ok, true);
      const after = childrenNamed('parec');
      assert.equal(after.length, 1);
      assert.notDeepEqual(after, before);
      assert.equal(rig.reported().length, 2);
    });
  },
);

test(
  'a server that hangs: no sound is lost sound, its silence is told, and nothing waits for it',
  options,
  async () => {
    await withPulse({}, async (rig) => {
      await bothWork(rig);
      rig.server.freeze();
      await until('the microphone is lost', () => rig.hear()?.level === 'off');
      await until('the server is told', () => rig.reported().includes('AUDIO_SERVER_LOST pulse'));
      await until('the output is lost', () => rig.speak()?.level === 'off');
      assert.match(
        rig.context.errors.find(({ code }) => code === 'AUDIO_SERVER_LOST')?.message ?? '',
        /it hangs; restart it$/,
      );
      assert.equal((await rig.devices.test('headset', patient())).ok, false);
      rig.server.thaw();
      await bothWork(rig);
    });
  },
);

test('a server that hangs while the bot speaks ends the speech as a lost output', options, async () => {
  await withPulse({}, async (rig) => {
    await bothWork(rig);
    await assert.rejects(
      async () => rig.devices.output.selected()?.play(speech(tone(10)), rig.server.freeze, patient()),
      {
        code: 'AUDIO_OUTPUT_LOST',
        message: /^Output headset stopped while it spoke: headset played nothing for 2000 ms$/,
      },
    );
    rig.server.thaw();
  });
});

test('a sink that is unplugged while it plays: the speech ends, and goes nowhere else', options, async () => {
  await withPulse({}, async (rig) => {
    await bothWork(rig);
    const elsewhere = await rig.server.record('desk.monitor');
    try {
      await rig.server.pactl('set-default-sink', 'desk');
      const played = rig.devices.output
        .selected()
        ?.play(speech(tone(10)), () => void rig.server.unplug('headset'), patient());
      await assert.rejects(async () => played, { code: 'AUDIO_OUTPUT_LOST' });
      await until('the output is lost', () => rig.speak()?.level === 'off');
      assert.ok(loudSeconds(elsewhere.samples()) < 1, 'a moment until it is noticed');
    } finally {
      await elsewhere.stop();
    }
    await rig.server.plugSpeaker('headset');
    await until('it is there again', () => rig.speak()?.level === 'full');
    const tested = await rig.devices.test('headset', patient());
    assert.equal(tested.ok, true, tested.detail);
    assert.match(tested.detail, /^headset played 300 ms of silence in \d+ ms$/);
  });
});

test('a reload of one side leaves the other side and the server alone', options, async () => {
  await withPulse({}, async (rig) => {
    await bothWork(rig);
    const { input, output } = rig.devices;
    const sinks = output.sinks();
    const pactl = childrenNamed('pactl');
    const reload = (audio: object) => {
      const config = rig.context.config();
      rig.context.setConfig({ ...config, audio: { ...config.audio, ...audio } });
    };
    const { inputs, outputs } = rig.context.config().audio;
    const speaking = output.selected()?.play(speech(tone(2)), () => reload({ inputs: inputs.toReversed() }), patient());
    await until('the inputs are opened anew', () => input.sources()[0]?.id === 'desk_mic');
    await until('hearing goes on', () => rig.hear()?.by === 'device:headset_mic');
    await speaking;
    assert.deepEqual([output.sinks(), childrenNamed('pactl')], [sinks, pactl]);
    const sources = input.sources();
    reload({ outputs: outputs.toReversed() });
    await until('speaking goes on', () => rig.speak()?.level === 'degraded');
    assert.deepEqual(rig.speak(), { level: 'degraded', by: 'device:headset' });
    assert.notDeepEqual(output.sinks(), sinks);
    assert.deepEqual([rig.devices.input.sources(), childrenNamed('pactl')], [sources, pactl]);
    reload({ pulse: { ...rig.context.config().audio.pulse, latency_ms: 40 } });
    await until('the server is asked anew', () => childrenNamed('pactl')[0] !== pactl[0]);
    await until(
      'both work again',
      () => rig.hear()?.by === 'device:headset_mic' && rig.speak()?.by === 'device:headset',
    );
    assert.deepEqual(rig.reported(), []);
  });
});

test('a sink at rest may take its time for the first sound, which does not count as played', options, async () => {
  await withPulse({ audio: { outputs: [{ id: 'slow', kind: 'pulse', sink: 'slow' }] } }, async (rig) => {
    // Without norewinds it sleeps in blocks of 2 s.
    await rig.server.pactl('load-module', 'module-null-sink', 'sink_name=slow', 'rate=48000', 'channels=1');
    await bothWork(rig);
    for (let round = 0; round < 3; round += 1) {
      const tested = await rig.devices.test('slow', patient());
      assert.match(tested.detail, /^slow played 300 ms of silence in \d+ ms$/);
      await rig.devices.output.selected()?.play(speech(tone(1)), () => {}, patient());
      // Where in its block the next sound meets it.
      await new Promise((resolve) => setTimeout(resolve, 400 * round));
    }
    assert.deepEqual(
      rig.context.errors.map(({ message }) => message),
      [],
    );
  });
});

test(
  "the bot's own output is refused: its monitor, what is made of it, and a loopback that comes later",
  options,
  async () => {
    const inputs = ['headset.monitor', 'headset_mic'].map((source) => ({
      id: source.replace('.', '-'),
      kind: 'pulse',
      source,
    }));
    await withPulse({ audio: { inputs } }, async (rig) => {
      await until('the other one is heard', () => rig.hear()?.by === 'device:headset_mic');
      assert.deepEqual(rig.reported(), ['AUDIO_DEVICE_LOST headset-monitor']);
      await rig.server.pactl('load-module', 'module-loopback', 'source=headset.monitor', 'sink=headset_mic_feed');
      await until('it is closed', () => rig.hear()?.level === 'off');
      assert.match(
        (await rig.devices.test('headset_mic', patient())).detail,
        /would hear the bot's own output \(headset -> headset.monitor -> headset_mic_feed -> headset_mic_feed.monitor -> headset_mic\)/,
      );
      await rig.server.pactl('unload-module', 'module-loopback');
      await until('it is heard again', () => rig.hear()?.by === 'device:headset_mic');
    });
    await withPulse({ audio: { inputs: inputs.slice(0, 1) } }, async (rig) => {
      assert.deepEqual([rig.hear(), rig.reported()], [{ level: 'off', by: 'no_device' }, ['AUDIO_NO_DEVICE input']]);
      assert.deepEqual(await rig.devices.test('headset-monitor', patient()), {
        ok: false,
        detail: "headset-monitor: it is the bot's own output (pulse headset.monitor); choose another in audio.inputs",
      });
    });
    const remapped = [{ id: 'loop', kind: 'pulse', source: 'loop' }];
    await withPulse({ audio: { inputs: remapped } }, async (rig) => {
      await rig.server.pactl('load-module', 'module-remap-source', 'source_name=loop', 'master=headset.monitor');
      await until('it is refused', async () =>
        /headset -> headset.monitor -> loop/.test((await rig.devices.test('loop', patient())).detail),
      );
      assert.deepEqual(childrenNamed('parec'), []);
    });
  },
);

test(
  'no socket at the path, and a program that is missing, are told apart and with their remedy',
  options,
  async () => {
    await withPulse({ audio: { pulse: { server: 'unix:/nowhere/native' } } }, async (rig) => {
      await until('it is told', () => rig.reported().includes('AUDIO_SERVER_LOST pulse'));
      assert.match(
        rig.context.errors.find(({ code }) => code === 'AUDIO_SERVER_LOST')?.message ?? '',
        /the socket \/nowhere\/native does not exist; start the server, mount/,
      );
    });
    const path = process.env['PATH'];
    const server = await startPulseServer();
    process.env['PATH'] = '/nowhere';
    try {
      await withPulse({ server }, async (rig) => {
        await until('it is told', () => rig.reported().includes('AUDIO_SERVER_LOST pulse'));
        assert.match(
          rig.context.errors.find(({ code }) => code === 'AUDIO_SERVER_LOST')?.message ?? '',
          /apt install pulseaudio-utils/,
        );
      });
    } finally {
      process.env['PATH'] = path;
    }
  },
);

test("a cookie that is not the server's: access is denied, and the message says what to mount", options, async () => {
  const port = await freeTcpPort();
  const tcp = `module-native-protocol-tcp listen=127.0.0.1 port=${port} auth-cookie-enabled=1`;
  const server = await startPulseServer({ more: ['-L', tcp] });
  const cookie = join(server.folder, 'wrong-cookie');
  await writeFile(cookie, Buffer.alloc(256, 7));
  process.env['PULSE_COOKIE'] = cookie;
  try {
    await withPulse({ server, audio: { pulse: { server: `tcp:127.0.0.1:${port}` } } }, async (rig) => {
      await until('it is told', () => rig.reported().includes('AUDIO_SERVER_LOST pulse'));
      assert.match(
        rig.context.errors.find(({ code }) => code === 'AUDIO_SERVER_LOST')?.message ?? '',
        /refuses user \d+, and the cookie .*wrong-cookie is not the server's; run as the server's user, or mount its cookie/,
      );
    });
  } finally {
    delete process.env['PULSE_COOKIE'];
  }
});

async function freeTcpPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test(
  'a microphone that is cut off is told once, hears on, and is proven only by speech that is not',
  options,
  async () => {
    await withPulse({ audio: { clipping_for_ms: 500 } }, async (rig) => {
      await bothWork(rig);
      await rig.server.say('headset_mic', tone(2, 4));
      await until('it is told', () => rig.hear()?.by === 'clipping:headset_mic');
      assert.deepEqual(rig.hear(), { level: 'degraded', by: 'clipping:headset_mic' });
      assert.equal(rig.devices.input.proveQuality('headset_mic').ok, false);
      await rig.server.say('headset_mic', tone(2, 0.3));
      await until('it is over', () => rig.hear()?.level === 'full');
      assert.equal(rig.devices.input.proveQuality('headset_mic').ok, true);
      assert.deepEqual(rig.reported(), ['AUDIO_CLIPPING headset_mic']);
    });
  },
);

test('twenty restarts of the server leave no child and no listener', options, async () => {
  await withPulse({}, async (rig) => {
    for (let round = 0; round < 20; round += 1) {
      await bothWork(rig);
      await rig.server.kill();
      await until('both are off', () => rig.hear()?.level === 'off' && rig.speak()?.level === 'off');
      await rig.server.restart();
    }
    await bothWork(rig);
    // A `pactl list` comes and goes with events; what stays is the subscription and the microphone's stream.
    const remaining = () =>
      childrenNamed('parec', 'pacat', 'pactl')
        .map((child) => child.split(' ')[0])
        .sort();
    await until('only one subscription and one stream remain', () => remaining().join() === 'pactl,parec');
  });
  await until('all are gone', () => childrenNamed('parec', 'pacat', 'pactl').length === 0);
});
