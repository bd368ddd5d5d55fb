import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import type { ErrorEvent } from '@understudy/shared/contracts';
import { freePort } from '@understudy/shared/testing';
import { SAMPLE_FORMATS } from '../src/vban/sample-formats.ts';
import { encodeAudio } from '../src/vban/vban-audio.ts';
import { type Rig, reply, until, withRig } from './rig.ts';

/** Quick, but no busy machine is taken for a broken device. */
const QUICK = { frames_timeout_ms: 1500, ping_timeout_ms: 500, ping_interval_ms: 100 };
const patient = () => AbortSignal.timeout(30_000);
const brief = ({ code, subject }: ErrorEvent) => `${code} ${subject}`;
const reported = (rig: Rig, code: string) => rig.context.errors.filter((event) => event.code === code).map(brief);
const reportedMessage = (rig: Rig, code: string) =>
  rig.context.errors.find((event) => event.code === code)?.message ?? '';
const bothWork = (rig: Rig) =>
  until('both devices work', () => {
    const { hear, speak } = rig.context.observed();
    return hear?.level === 'full' && speak?.level === 'full';
  });
const stateOf = async (rig: Rig) => {
  const listed = await rig.parts.commands['list-devices']({}, patient());
  const devices = listed.data?.['devices'] as { id: string; direction: string; state: string }[];
  return devices.map(({ id, direction, state }) => `${id} ${direction} ${state}`);
};

test('the selected microphone vanishes: told once, another is switched to, and the preferred one comes back', async () => {
  await withRig({ audio: QUICK }, async (rig) => {
    await bothWork(rig);
    assert.deepEqual(await stateOf(rig), [
      'headset-mic input active',
      'desk-mic input available',
      'headset-out output active',
      'desk-out output available',
    ]);
    rig.audio.applyFault('audio_device_unavailable', 'headset-mic');
    await until('the loss is observed', () => rig.context.observed().hear?.level === 'off');
    assert.deepEqual(rig.context.observed().hear, { level: 'off', by: 'no_frames:headset-mic' });
    assert.equal((await rig.parts.probes['input-frames']?.(undefined, patient()))?.ok, false);
    assert.equal((await stateOf(rig))[0], 'headset-mic input unavailable');
    assert.equal((await rig.parts.commands['switch-device']({ device: 'headset-mic' }, patient())).ok, false);

    const switched = await rig.parts.commands['switch-device']({ device: 'desk-mic' }, patient());
    assert.equal(switched.ok, true, switched.detail);
    await until('the other one is heard', () => rig.context.observed().hear?.by === 'device:desk-mic');
    assert.deepEqual(rig.context.observed().hear, { level: 'degraded', by: 'device:desk-mic' });
    assert.deepEqual(rig.context.bus.keys.get('audio-gateway.devices'), { input: 'desk-mic', output: 'headset-out' });
    rig.audio.say('Do you hear me now?', 'desk-mic');
    await until('it is heard', () => rig.published('utterance').length > 0);
    assert.equal(rig.published('utterance')[0]?.text, 'Do you hear me now?');

    rig.audio.clearFaults();
    await until('the preferred one delivers', async () => {
      return (await rig.parts.commands['test-device']({ device: 'headset-mic' }, patient())).ok;
    });
    assert.equal((await rig.parts.commands['switch-device']({ device: 'headset-mic' }, patient())).ok, true);
    await until('hearing is full', () => rig.context.observed().hear?.level === 'full');
    assert.deepEqual(rig.context.observed().hear, { level: 'full', by: 'device:headset-mic' });
    assert.deepEqual(reported(rig, 'AUDIO_DEVICE_LOST'), ['AUDIO_DEVICE_LOST headset-mic']);
  });
});

test('a device that comes back by itself is full at once, and its next loss is told again', async () => {
  await withRig({ audio: QUICK }, async (rig) => {
    await bothWork(rig);
    for (const round of [1, 2]) {
      rig.audio.applyFault('audio_device_unavailable');
      await until('both are lost', () => {
        const { hear, speak } = rig.context.observed();
        return hear?.level === 'off' && speak?.level === 'off';
      });
      assert.equal((await rig.parts.probes['output-echo']?.(undefined, patient()))?.ok, false);
      rig.audio.clearFaults();
      await bothWork(rig);
      assert.equal((await rig.parts.probes['output-echo']?.('headset-out', patient()))?.ok, true);
      assert.equal(reported(rig, 'AUDIO_DEVICE_LOST').length, round);
      assert.equal(reported(rig, 'AUDIO_OUTPUT_LOST').length, round);
    }
  });
});

test('a muted microphone is silent, not lost, and the probe sees it', async () => {
  await withRig({ audio: { silence_timeout_ms: 600 } }, async (rig) => {
    await bothWork(rig);
    rig.audio.applyFault('audio_silence', 'headset-mic');
    await until('it is silent', () => rig.context.observed().hear?.by === 'silent:headset-mic');
    assert.deepEqual(rig.context.observed().hear, { level: 'degraded', by: 'silent:headset-mic' });
    const probe = await rig.parts.probes['input-frames']?.(undefined, patient());
    assert.equal(probe?.ok, false);
    assert.match(probe?.detail ?? '', /delivers only zeros/);
    rig.audio.clearFaults();
    await bothWork(rig);
    assert.deepEqual(rig.context.errors.map(brief), ['AUDIO_DEVICE_SILENT headset-mic']);
  });
});

test('a device that is not approved is not switched to, and the answer says which are', async () => {
  await withRig({}, async (rig) => {
    assert.deepEqual(await rig.parts.commands['switch-device']({ device: 'webcam-mic' }, patient()), {
      ok: false,
      gone: true,
      detail:
        'webcam-mic is not approved; audio.inputs and audio.outputs have headset-mic, desk-mic, headset-out, desk-out',
    });
  });
});

test('the choice survives the process', async () => {
  const keys = new Map([['audio-gateway.devices', { input: 'desk-mic', output: 'gone-out' }]]);
  await withRig({ keys }, async (rig) => {
    await until('the stored one is heard', () => rig.context.observed().hear?.by === 'device:desk-mic');
    await until('the other is the first', () => rig.context.observed().speak?.by === 'device:headset-out');
  });
});

test('garbage on the wire is counted by its reason and disturbs nobody', async () => {
  await withRig({}, async (rig) => {
    await bothWork(rig);
    rig.audio.applyFault('audio_garbage', 'desk-mic');
    await until('garbage is counted', async () => {
      const text = await rig.context.metrics.text();
      return ['too_short', 'bad_magic', 'size_mismatch', 'unsupported_codec', 'too_long'].every((reason) =>
        text.includes(`understudy_bad_input_total{edge="vban",reason="${reason}"`),
      );
    });
    rig.audio.say('I am still here.', 'headset-mic');
    await until('speech is heard', () => rig.published('utterance').length > 0);
    assert.equal(rig.published('utterance')[0]?.text, 'I am still here.');
    assert.deepEqual(rig.context.errors, []);
  });
});

test('without its supervisor the service walks the list, returns, and says so when the supervisor is back', async () => {
  const sections = { recovery: { device_fallback: { watch_interval_ms: 100 } }, health: { supervisor_silent_ms: 100 } };
  await withRig({ audio: QUICK, sections }, async (rig) => {
    await bothWork(rig);
    rig.setSupervised(false);
    rig.audio.applyFault('audio_device_unavailable', 'headset-mic');
    await until('the next one is heard', () => rig.context.observed().hear?.by === 'device:desk-mic');
    rig.audio.applyFault('audio_device_unavailable');
    await until('nothing is left', () => reported(rig, 'AUDIO_NO_DEVICE').length === 2);
    assert.deepEqual(reported(rig, 'AUDIO_NO_DEVICE').sort(), ['AUDIO_NO_DEVICE input', 'AUDIO_NO_DEVICE output']);
    rig.audio.clearFaults();
    await until('the preferred ones serve again', () => {
      const { hear, speak } = rig.context.observed();
      return hear?.by === 'device:headset-mic' && speak?.by === 'device:headset-out';
    });
    assert.deepEqual(reported(rig, 'SUPERVISOR_SILENT'), []);
    rig.setSupervised(true);
    await until('it is told', () => reported(rig, 'SUPERVISOR_SILENT').length > 0);
    assert.equal(reported(rig, 'SUPERVISOR_SILENT').length, 1);
  });
});

test('while it is supervised the service changes no device by itself', async () => {
  const sections = { recovery: { device_fallback: { watch_interval_ms: 50 } }, health: { supervisor_silent_ms: 1 } };
  await withRig({ audio: QUICK, sections }, async (rig) => {
    await bothWork(rig);
    rig.audio.applyFault('audio_device_unavailable', 'headset-mic');
    await until('the loss is observed', () => rig.context.observed().hear?.level === 'off');
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.deepEqual(rig.context.observed().hear, { level: 'off', by: 'no_frames:headset-mic' });
  });
});

test('a reload opens other devices', async () => {
  await withRig({}, async (rig) => {
    await bothWork(rig);
    const config = rig.context.config();
    const inputs = [{ id: 'second', kind: 'vban' as const, stream: 'DeskMic' }];
    rig.context.setConfig({ ...config, audio: { ...config.audio, inputs } });
    await until('the new one is heard', () => rig.context.observed().hear?.by === 'device:second');
    assert.deepEqual(rig.context.observed().hear, { level: 'full', by: 'device:second' });
    const gone = async (what: 'input-frames' | 'input-quality' | 'transcription' | 'speech', subject?: string) =>
      (await rig.parts.probes[what]?.(subject, patient()))?.gone ?? false;
    assert.deepEqual(
      [
        await gone('input-frames', 'headset-mic'),
        await gone('input-quality', 'headset-mic'),
        await gone('speech', 'x'),
      ],
      [true, true, true],
    );
    assert.deepEqual(
      [
        await gone('input-frames', 'second'),
        await gone('input-quality', 'second'),
        await gone('input-frames', 'input'),
      ],
      [false, false, false],
    );
  });
});

const reload = ({ context }: Rig, audio: object) => {
  const config = context.config();
  context.setConfig({ ...config, audio: { ...config.audio, ...audio } });
};

test('of two reloads at the same time the later one holds', async () => {
  await withRig({}, async (rig) => {
    await bothWork(rig);
    const microphone = (id: string, stream: string) => ({ id, kind: 'vban' as const, stream });
    // The first one has a socket to open, the second one nothing to wait for.
    const listen = { host: '0.0.0.0', port: rig.listenPort };
    reload(rig, { listen, inputs: [microphone('first', 'HeadsetMic')] });
    reload(rig, { inputs: [microphone('second', 'DeskMic')] });
    const isSecond = async () => (await stateOf(rig)).some((state) => state === 'second input active');
    await until('the second is heard', isSecond);
    assert.equal((await rig.parts.commands['test-device']({ device: 'second' }, patient())).ok, true);
    assert.equal(await isSecond(), true, 'the first has come later');
  });
});

test('a reload that moves the port: the sentence is finished, the loss says where nothing comes, and back there all is well', async () => {
  await withRig({ audio: { frames_timeout_ms: 1000 } }, async (rig) => {
    await bothWork(rig);
    const port = await freePort();
    const turn = 'turn-00000001';
    await rig.context.bus.deliver('reply', reply(turn, 0, 'A sentence goes to its end.', { final: true }));
    await until('it is being spoken', () => rig.published('delivery').some(({ result }) => result === 'delivered'));
    reload(rig, { listen: { host: '127.0.0.1', port } });
    await until('it is heard', () => rig.audio.heard('headset-out').length > 0);
    assert.deepEqual(
      rig.audio.heard('headset-out').map(({ text }) => text),
      ['A sentence goes to its end.'],
    );
    await until('the loss is told', () => reported(rig, 'AUDIO_DEVICE_LOST').length > 0);
    const remedy = `nothing comes to UDP port ${port}, to which a reload has moved audio.listen from ${rig.listenPort}; let its sender send there (a simulated microphone does from its next start on)`;
    assert.equal(
      reportedMessage(rig, 'AUDIO_DEVICE_LOST'),
      `Input headset-mic delivered nothing for 1000 ms; ${remedy}`,
    );
    const tested = await rig.parts.commands['test-device']({ device: 'headset-mic' }, patient());
    assert.match(tested.detail, /^headset-mic delivered nothing within \d+ ms: nothing comes to UDP port/);
    // Another address with the port that it has.
    reload(rig, { listen: { host: '127.0.0.1', port: rig.listenPort } });
    await bothWork(rig);
    reload(rig, { listen: { host: '0.0.0.0', port: rig.listenPort } });
    await until('it is heard there', async () => {
      const tested = await rig.parts.probes['input-frames']?.('headset-mic', patient());
      return tested?.ok === true && rig.context.observed().hear?.level === 'full';
    });
    const blamed = ['AUDIO_PORT_IN_USE', 'AUDIO_OUTPUT_LOST', 'SPEECH_FAILED'];
    assert.deepEqual(
      blamed.flatMap((code) => reported(rig, code)),
      [],
    );
  });
});

test('a microphone whose stream comes in a form, or from an address, that is not taken: the loss says so', async () => {
  const inputs = [
    { id: 'twelve', kind: 'vban', stream: 'Twelve' },
    { id: 'elsewhere', kind: 'vban', stream: 'Elsewhere', from: '10.0.0.1' },
  ];
  await withRig({ audio: { ...QUICK, inputs } }, async (rig) => {
    const socket = createSocket('udp4');
    const [format] = SAMPLE_FORMATS;
    assert.ok(format);
    let counter = 0;
    const sending = setInterval(() => {
      counter += 1;
      const sound = { counter, sampleRate: 48_000, channels: 1, format, samples: new Float32Array(240) } as const;
      const twelve = encodeAudio({ ...sound, stream: 'Twelve' });
      twelve.writeUInt8(6, 7);
      socket.send(twelve, rig.listenPort, '127.0.0.1');
      socket.send(encodeAudio({ ...sound, stream: 'Elsewhere' }), rig.listenPort, '127.0.0.1');
    }, 5);
    try {
      await until('the loss is told', () => reported(rig, 'AUDIO_DEVICE_LOST').length > 0);
      assert.equal(
        reportedMessage(rig, 'AUDIO_DEVICE_LOST'),
        'Input twelve delivered nothing for 1500 ms; it is sent in 12 or 10 bit, and how those lie in a packet is not published; let its sender use 16 or 24 bit',
      );
      const tested = await rig.parts.commands['test-device']({ device: 'elsewhere' }, patient());
      assert.match(
        tested.detail,
        /: its packets come from 127\.0\.0\.1, and audio\.inputs takes those from 10\.0\.0\.1 only; correct that there$/,
      );
    } finally {
      clearInterval(sending);
      socket.close();
    }
  });
});

test("the bot's own output is never its input", async () => {
  const inputs = [
    { id: 'loop', kind: 'vban', stream: 'HeadsetOut' },
    { id: 'desk-mic', kind: 'vban', stream: 'DeskMic' },
  ];
  await withRig({ audio: { inputs } }, async (rig) => {
    await until('the other one is heard', () => rig.context.observed().hear?.by === 'device:desk-mic');
    assert.deepEqual(rig.context.observed().hear, { level: 'degraded', by: 'device:desk-mic' });
    assert.equal((await rig.parts.commands['switch-device']({ device: 'loop' }, patient())).ok, false);
    assert.deepEqual((await stateOf(rig)).slice(0, 2), ['loop input unavailable', 'desk-mic input active']);
    assert.deepEqual(rig.context.errors.map(brief), ['AUDIO_DEVICE_LOST loop']);
    assert.equal(
      reportedMessage(rig, 'AUDIO_DEVICE_LOST'),
      "Input loop is never opened: it is the bot's own output (vban HeadsetOut); choose another in audio.inputs",
    );
  });
});

test("when every input is the bot's own output, that is told, no probe passes, and a corrected reload is heard", async () => {
  const wav = { id: 'folder', kind: 'wav', folder: '/tmp/understudy-never-opened' };
  const inputs = [{ id: 'loop', kind: 'vban', stream: 'HeadsetOut' }, wav];
  const outputs = [{ id: 'headset-out', kind: 'vban', stream: 'HeadsetOut', port: 9 }, wav];
  const keys = new Map([['audio-gateway.devices', { input: 'loop' }]]);
  await withRig({ audio: { inputs, outputs }, keys }, async (rig) => {
    assert.deepEqual(rig.context.observed().hear, { level: 'off', by: 'no_device' });
    assert.deepEqual(reported(rig, 'AUDIO_NO_DEVICE'), ['AUDIO_NO_DEVICE input']);
    assert.equal(
      reportedMessage(rig, 'AUDIO_NO_DEVICE'),
      "No approved input can be opened: loop: it is the bot's own output (vban HeadsetOut); choose another in audio.inputs; folder: it is the bot's own output (wav /tmp/understudy-never-opened); choose another in audio.inputs",
    );
    for (const subject of [undefined, 'input', 'loop', 'folder']) {
      assert.equal((await rig.parts.probes['input-frames']?.(subject, patient()))?.ok, false);
    }
    const config = rig.context.config();
    const corrected = [{ id: 'loop', kind: 'vban' as const, stream: 'HeadsetMic' }];
    rig.context.setConfig({ ...config, audio: { ...config.audio, inputs: corrected } });
    await until('it is heard', () => rig.context.observed().hear?.level === 'full');
    assert.equal((await rig.parts.probes['input-frames']?.('loop', patient()))?.ok, true);
  });
});

test('a port that another program holds is reported once, speaking goes on, and hearing begins when it is free', async () => {
  await withRig({}, async (rig) => {
    await bothWork(rig);
    const blocker = createSocket('udp4');
    await new Promise<void>((resolve) => blocker.bind({ address: '127.0.0.1', port: 0, exclusive: true }, resolve));
    const { port } = blocker.address();
    const config = rig.context.config();
    rig.context.setConfig({ ...config, audio: { ...config.audio, listen: { host: '127.0.0.1', port } } });
    await until('it is reported', () => reported(rig, 'AUDIO_PORT_IN_USE').length > 0);
    assert.deepEqual(reported(rig, 'AUDIO_PORT_IN_USE'), [`AUDIO_PORT_IN_USE udp:${port}`]);
    assert.match(
      reportedMessage(rig, 'AUDIO_PORT_IN_USE'),
      /is held by .*node.* \(process \d+\); end it, or set audio\.listen\.port/,
    );
    assert.match(rig.parts.notReady?.() ?? '', /audio\.listen/);
    assert.equal((await rig.parts.probes['output-echo']?.(undefined, patient()))?.ok, true);
    const prove = async (subject: string) => {
      const { ok, gone = false } = (await rig.parts.probes['input-frames']?.(subject, patient())) ?? { ok: false };
      return { ok, gone };
    };
    assert.deepEqual(await prove(`udp:${port}`), { ok: false, gone: false });
    await new Promise<void>((resolve) => blocker.close(resolve));
    await until('the port is open', () => rig.parts.notReady?.() === undefined);
    assert.deepEqual(await prove(`udp:${port}`), { ok: true, gone: false });
    assert.deepEqual(await prove('udp:1'), { ok: false, gone: true });
    assert.equal(reported(rig, 'AUDIO_PORT_IN_USE').length, 1);
  });
});
