import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  bothWork,
  childrenNamed,
  loudSeconds,
  onEachServer,
  onPulseAudio,
  type PulseRig,
  patient,
  pidsOf,
  SPEAKERS,
  speech,
  subscriptions,
  tone,
  withPulse,
} from './pulse-rig.ts';
import { startPulseServer } from './pulse-server.ts';
import { until } from './rig.ts';
import { noEspeak, speakWithEspeak } from './speak-with-espeak.ts';

interface SourceOutput {
  readonly index: number;
  readonly properties: Readonly<Record<string, string>>;
}
onEachServer(
  'speech goes from a null sink through parec to samples',
  async (kind) => {
    await withPulse({ kind }, async (rig) => {
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
  },
  noEspeak,
);

onEachServer('what is spoken is heard at the sink, and begins and ends with it', async (kind) => {
  await withPulse({ kind }, async (rig) => {
    await bothWork(rig);
    const recording = await rig.server.record('headset.monitor');
    try {
      const begun: string[] = [];
      await rig.devices.output.selected()?.play(speech(tone(2)), () => void begun.push('begun'), patient());
      assert.deepEqual(begun, ['begun']);
      await until('all of it is recorded', () => loudSeconds(recording.samples()) > 1.7);
      assert.ok(loudSeconds(recording.samples()) < 2.3, 'seconds of sound for 2 s of speech');
      assert.deepEqual(rig.reported(), []);
    } finally {
      await recording.stop();
    }
  });
});

onEachServer('an aborted speech is silent at once and leaves no child', async (kind) => {
  await withPulse({ kind }, async (rig) => {
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

onEachServer(
  'a microphone that is unplugged while it is heard: nothing of the device to which the server moves the stream is heard',
  async (kind) => {
    await withPulse({ kind }, async (rig) => {
      await bothWork(rig);
      // The next default is what the desk plays: a film, as it were. (PipeWire takes no monitor for a default.)
      await rig.server.pactl('load-module', 'module-remap-source', 'source_name=film', 'master=desk.monitor');
      await rig.server.pactl('set-default-source', 'film');
      const film = new AbortController();
      const playing = rig.devices.output.sinks()[1]?.play(speech(tone(60)), () => {}, film.signal);
      // Where the test fails before that is awaited, its own reason is told and not this one's.
      playing?.catch(() => {});
      const LOST = 'AUDIO_DEVICE_LOST headset_mic';
      const test = () => rig.devices.test('headset_mic', patient());
      const NO_SOURCE = /^headset_mic.*: the sound server has no source headset_mic; it has headset_mic_feed.monitor, /;
      for (let round = 1; round <= 4; round += 1) {
        await rig.server.unplug('headset_mic');
        await until('the loss is observed', () => rig.hear()?.by === 'no_frames:headset_mic');
        // On a busy machine it may have been missed once more.
        await until('it is told', () => rig.reported().filter((told) => told === LOST).length >= round);
        await until('it is off the list', async () => NO_SOURCE.test((await test()).detail));
        assert.equal((await test()).ok, false);
        await rig.server.plugMicrophone('headset_mic');
        await until('it is heard again by itself', () => rig.hear()?.level === 'full');
      }
      film.abort();
      await playing;
      assert.equal(loudSeconds(rig.heard()), 0, 'seconds of the film');
    });
  },
);

onEachServer('a stream that somebody moves is closed and opened again at the right device', async (kind) => {
  await withPulse({ kind }, async (rig) => {
    await bothWork(rig);
    const streams = JSON.parse(await rig.server.pactl('-f', 'json', 'list', 'source-outputs')) as SourceOutput[];
    const stream = streams.find(({ properties }) => properties['media.name'] === 'understudy');
    const [before] = pidsOf('parec');
    const moving = rig.server.pactl('move-source-output', String(stream?.index), 'desk_mic');
    if (kind.movesEveryStream) await moving;
    else await assert.rejects(moving, /Invalid argument/);
    await rig.server.say('desk_mic', tone(1));
    if (kind.movesEveryStream)
      await until('it is opened anew', () => ![before, undefined].includes(pidsOf('parec')[0]));
    const { length } = rig.heard();
    await until('it is heard again', () => rig.heard().length > length);
    await rig.server.say('headset_mic', tone(1, 0.25));
    await until('the right one is heard', () => loudSeconds(rig.heard()) > 0.8);
    const peak = rig.heard().reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
    assert.ok(peak < 0.4, `only the right one, which is half as loud: ${peak}`);
  });
});

onEachServer('a sink that is unplugged while it plays: the speech ends, and goes nowhere else', async (kind) => {
  await withPulse({ kind }, async (rig) => {
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

test('a reload of one side leaves the other side and the server alone', onPulseAudio, async () => {
  await withPulse({}, async (rig) => {
    await bothWork(rig);
    const { input, output } = rig.devices;
    const sinks = output.sinks();
    const pactl = subscriptions();
    const reload = (audio: object) => {
      const config = rig.context.config();
      rig.context.setConfig({ ...config, audio: { ...config.audio, ...audio } });
    };
    const { inputs, outputs } = rig.context.config().audio;
    const speaking = output.selected()?.play(speech(tone(2)), () => reload({ inputs: inputs.toReversed() }), patient());
    await until('the inputs are opened anew', () => input.sources()[0]?.id === 'desk_mic');
    await until('hearing goes on', () => rig.hear()?.by === 'device:headset_mic');
    await speaking;
    assert.deepEqual([output.sinks(), subscriptions()], [sinks, pactl]);
    const sources = input.sources();
    reload({ outputs: outputs.toReversed() });
    await until('speaking goes on', () => rig.speak()?.level === 'degraded');
    assert.deepEqual(rig.speak(), { level: 'degraded', by: 'device:headset' });
    assert.notDeepEqual(output.sinks(), sinks);
    assert.deepEqual([rig.devices.input.sources(), subscriptions()], [sources, pactl]);
    reload({ pulse: { ...rig.context.config().audio.pulse, latency_ms: 40 } });
    await until('the server is asked anew', () => subscriptions()[0] !== undefined && subscriptions()[0] !== pactl[0]);
    await until(
      'both work again',
      () => rig.hear()?.by === 'device:headset_mic' && rig.speak()?.by === 'device:headset',
    );
    assert.deepEqual(rig.reported(), []);
  });
});

/** Microphones whose first sound comes late: without norewinds an idle null sink sleeps in blocks of 2 s. */
const SLOW_MICROPHONES = ['slow_mic', 'slow_spare'].flatMap((name) => [
  `module-null-sink sink_name=${name}_feed rate=48000 channels=1`,
  `module-remap-source source_name=${name} master=${name}_feed.monitor`,
]);

test(
  'ROOT CAUSE: a switch to a microphone at rest threw away the stream that its test had opened, so that it was lost once more',
  onPulseAudio,
  async () => {
    const inputs = ['slow_mic', 'slow_spare'].map((source) => ({ id: source, kind: 'pulse', source }));
    const server = await startPulseServer({ speakers: SPEAKERS, more: SLOW_MICROPHONES });
    // By default a loss is told after 500 ms.
    await withPulse({ server, audio: { inputs, frames_timeout_ms: 500 } }, async (rig) => {
      await bothWork(rig);
      await rig.server.unplug('slow_mic');
      await until('the loss is told', () => rig.hear()?.level === 'off');
      await until('it is off the list', async () => !(await rig.devices.test('slow_mic', patient())).ok);
      const tested = await rig.devices.test('slow_spare', patient());
      assert.equal(tested.ok, true, tested.detail);
      const opened = pidsOf('parec');
      // Its own test is the second one.
      const switched = await rig.devices.switchTo('slow_spare', patient());
      assert.equal(switched.ok, true, switched.detail);
      const { length } = rig.heard();
      await until('it is heard', () => rig.heard().length > length);
      assert.deepEqual(pidsOf('parec'), opened, 'the stream that was tested is the one that is heard');
      assert.deepEqual(rig.hear(), { level: 'degraded', by: 'device:slow_spare' });
      assert.deepEqual(rig.reported(), ['AUDIO_DEVICE_LOST slow_mic']);
    });
  },
);

/** A speaker whose first sound comes late: without norewinds a null sink sleeps in blocks of 2 s. */
async function withSlowSink(play: (rig: PulseRig) => Promise<void>): Promise<void> {
  await withPulse({ audio: { outputs: [{ id: 'slow', kind: 'pulse', sink: 'slow' }] } }, async (rig) => {
    await rig.server.pactl('load-module', 'module-null-sink', 'sink_name=slow', 'rate=48000', 'channels=1');
    await bothWork(rig);
    await play(rig);
    assert.deepEqual(
      rig.context.errors.map(({ message }) => message),
      [],
    );
  });
}

test('a sink at rest may take its time for the first sound, which does not count as played', onPulseAudio, async () => {
  await withSlowSink(async (rig) => {
    for (let round = 0; round < 2; round += 1) {
      const tested = await rig.devices.test('slow', patient());
      assert.match(tested.detail, /^slow played 300 ms of silence in \d+ ms$/);
      await rig.devices.output.selected()?.play(speech(tone(1)), () => {}, patient());
      // Where in its block the next sound meets it.
      await new Promise((resolve) => setTimeout(resolve, 400 * round));
    }
  });
});

test(
  'ROOT CAUSE: what pacat tells is read late on a busy machine, which makes no playback incomplete',
  onPulseAudio,
  async () => {
    await withSlowSink(async (rig) => {
      // Its next block of 2 s begins with the end of this one.
      await rig.devices.test('slow', patient());
      const playing = rig.devices.output.selected()?.play(speech(tone(1)), () => {}, patient());
      await new Promise((resolve) => setTimeout(resolve, 300));
      // All is written; that it begins, goes on and ends is read at once.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3500);
      await playing;
    });
  },
);

test(
  'a microphone that is cut off is told once, hears on, and is proven only by speech that is not',
  onPulseAudio,
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

test('a sink that hangs on a server that lives ends the speech as a lost output', onPulseAudio, async () => {
  const outputs = [{ id: 'stuck', kind: 'pulse', sink: 'stuck' }];
  await withPulse({ audio: { outputs } }, async (rig) => {
    const fifo = join(rig.server.folder, 'read-by-nobody');
    const sink = ['module-pipe-sink', 'sink_name=stuck', `file=${fifo}`, 'rate=48000', 'channels=1'];
    await rig.server.pactl('load-module', ...sink);
    await bothWork(rig);
    await assert.rejects(async () => rig.devices.output.selected()?.play(speech(tone(10)), () => {}, patient()), {
      code: 'AUDIO_OUTPUT_LOST',
      message: /^Output stuck stopped while it spoke: stuck played nothing for \d+ ms$/,
    });
  });
});
