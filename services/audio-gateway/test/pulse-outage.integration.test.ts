import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '@understudy/shared/testing';
import {
  bothWork,
  childrenNamed,
  on,
  onEachServer,
  onPulseAudio,
  type PulseRig,
  patient,
  pidsOf,
  speech,
  subscriptions,
  tone,
  withPulse,
} from './pulse-rig.ts';
import { startPulseServer } from './pulse-server.ts';
import { until } from './rig.ts';
import { PIPEWIRE } from './sound-servers.ts';

/** One cause is told by its own code, for each direction that it takes; no device is blamed. */
const BOTH_TOLD = ['AUDIO_SERVER_LOST pulse:input', 'AUDIO_SERVER_LOST pulse:output'];

/** What is told as soon as a viewer waits for a word. */
async function askToSpeak({ devices }: PulseRig): Promise<string> {
  const proof = await devices.output.prove();
  assert.equal(proof.state, 'gone');
  return proof.state === 'gone' ? `${proof.event.code} ${proof.event.message}` : '';
}

onEachServer(
  'a killed server is told once, and all devices open again when it is back, with fresh children',
  async (kind) => {
    await withPulse({ kind }, async (rig) => {
      await bothWork(rig);
      const before = childrenNamed('parec');
      await rig.server.kill();
      await until('both are off', () => rig.hear()?.level === 'off' && rig.speak()?.level === 'off');
      await until('it is told', () => rig.reported().length >= 2);
      assert.deepEqual(rig.reported().sort(), BOTH_TOLD);
      for (const { message } of rig.context.errors) {
        assert.match(
          message,
          /^The sound server at unix:.*native (ended|refuses the connection: nobody listens there); start it/,
        );
      }
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

onEachServer('a server that is killed while the bot speaks ends the speech, and is told itself', async (kind) => {
  await withPulse({ kind }, async (rig) => {
    await bothWork(rig);
    const speaking = async () =>
      rig.devices.output.selected()?.play(speech(tone(10)), () => void rig.server.kill(), patient());
    await assert.rejects(speaking, { code: 'AUDIO_SERVER_LOST', message: /^The sound server at unix:.*; start it/ });
    await until('it is told', () => rig.reported().length >= 2);
    assert.deepEqual(rig.reported().sort(), BOTH_TOLD);
  });
});

onEachServer(
  'a server that hangs: no sound is lost sound, its silence is told, and nothing waits for it',
  async (kind) => {
    await withPulse({ kind }, async (rig) => {
      await bothWork(rig);
      rig.server.freeze();
      await until('the microphone is lost', () => rig.hear()?.level === 'off');
      await until('the output is lost', () => rig.speak()?.level === 'off');
      await until('it is told', () => rig.reported().length >= 2);
      assert.deepEqual(rig.reported().sort(), BOTH_TOLD);
      for (const { message } of rig.context.errors) assert.match(message, /it hangs; restart it$/);
      assert.equal((await rig.devices.test('headset', patient())).ok, false);
      rig.server.thaw();
      await bothWork(rig);
    });
  },
);

onEachServer('a server that hangs while the bot speaks ends the speech, and is told itself', async (kind) => {
  await withPulse({ kind }, async (rig) => {
    await bothWork(rig);
    await assert.rejects(
      async () => rig.devices.output.selected()?.play(speech(tone(10)), rig.server.freeze, patient()),
      {
        code: 'AUDIO_SERVER_LOST',
        message:
          /^The sound server at unix:.*native takes connections but did not answer within 2000 ms: it hangs; restart it$/,
      },
    );
    await until('it is told', () => rig.reported().length >= 2);
    assert.deepEqual(rig.reported().sort(), BOTH_TOLD);
    rig.server.thaw();
  });
});

test(
  'PipeWire without its session manager is told with its remedy, and all works again when that is back',
  on(PIPEWIRE),
  async () => {
    await withPulse({ kind: PIPEWIRE }, async (rig) => {
      await bothWork(rig);
      await rig.server.kill('wireplumber');
      await until('it is told', () => rig.reported().includes('AUDIO_SERVER_LOST pulse:input'));
      // A list that it did not finish may have been the first that was noticed.
      const REMEDY = /is PipeWire without its session manager, so that nothing is connected: start wireplumber$/;
      await until('its remedy is told', async () => REMEDY.test((await rig.devices.proveServer()).detail));
      await until('both are off', () => rig.hear()?.level === 'off' && rig.speak()?.level === 'off');
      await rig.server.restart();
      await bothWork(rig);
      assert.match((await rig.devices.test('headset', patient())).detail, /^headset played 300 ms of silence/);
    });
  },
);

test(
  'no socket at the path, and a program that is missing, are told apart and with their remedy',
  onPulseAudio,
  async () => {
    await withPulse({ audio: { pulse: { server: 'unix:/nowhere/native' } } }, async (rig) => {
      assert.match(
        await askToSpeak(rig),
        /^AUDIO_SERVER_LOST .*the socket \/nowhere\/native does not exist; start the server \(PipeWire: pipewire-pulse\), mount/,
      );
    });
    const path = process.env['PATH'];
    const server = await startPulseServer();
    process.env['PATH'] = '/nowhere';
    try {
      await withPulse({ server }, async (rig) => {
        assert.match(await askToSpeak(rig), /^AUDIO_SERVER_LOST .*apt install pulseaudio-utils/);
      });
    } finally {
      process.env['PATH'] = path;
    }
  },
);

test(
  "a cookie that is not the server's: access is denied, and the message says what to mount",
  onPulseAudio,
  async () => {
    const port = await freePort();
    const tcp = `module-native-protocol-tcp listen=127.0.0.1 port=${port} auth-cookie-enabled=1`;
    const server = await startPulseServer({ more: [tcp] });
    const cookie = join(server.folder, 'wrong-cookie');
    await writeFile(cookie, Buffer.alloc(256, 7));
    process.env['PULSE_COOKIE'] = cookie;
    try {
      await withPulse({ server, audio: { pulse: { server: `tcp:127.0.0.1:${port}` } } }, async (rig) => {
        assert.match(
          await askToSpeak(rig),
          /^AUDIO_SERVER_LOST .* refuses user \d+, and the cookie .*wrong-cookie is not the server's; run as the server's user, or mount its cookie/,
        );
      });
    } finally {
      delete process.env['PULSE_COOKIE'];
    }
  },
);

test('six ends of the server leave no child', onPulseAudio, async () => {
  await withPulse({}, async (rig) => {
    await bothWork(rig);
    for (let round = 0; round < 6; round += 1) {
      const [before] = pidsOf('parec');
      await rig.server.kill();
      await until('it is known', async () => !(await rig.devices.proveServer()).ok);
      await rig.server.restart();
      await until('the microphone is opened anew', () => ![before, undefined].includes(pidsOf('parec')[0]));
    }
    await bothWork(rig);
    // A `pactl list` comes and goes with events; what stays is the subscription and the microphone's stream.
    const remaining = () => [...subscriptions().map(() => 'pactl subscribe'), ...childrenNamed('parec', 'pacat')];
    await until('only one subscription and one stream remain', () =>
      /^pactl subscribe,parec \S \d+$/.test(remaining().join()),
    );
  });
  await until('all are gone', () => childrenNamed('parec', 'pacat', 'pactl').length === 0);
});
