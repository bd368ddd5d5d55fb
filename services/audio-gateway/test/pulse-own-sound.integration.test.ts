import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childrenNamed, on, onEachServer, patient, withPulse } from './pulse-rig.ts';
import { until } from './rig.ts';
import { PIPEWIRE } from './sound-servers.ts';

onEachServer(
  "the bot's own output is refused: its monitor, what is made of it, and a loopback that comes later",
  async (kind) => {
    const inputs = ['headset.monitor', 'headset_mic'].map((source) => ({
      id: source.replace('.', '-'),
      kind: 'pulse',
      source,
    }));
    await withPulse({ kind, audio: { inputs } }, async (rig) => {
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
    await withPulse({ kind, audio: { inputs: inputs.slice(0, 1) } }, async (rig) => {
      assert.deepEqual([rig.hear(), rig.reported()], [{ level: 'off', by: 'no_device' }, ['AUDIO_NO_DEVICE input']]);
      assert.deepEqual(await rig.devices.test('headset-monitor', patient()), {
        ok: false,
        detail: "headset-monitor: it is the bot's own output (pulse headset.monitor); choose another in audio.inputs",
      });
    });
    const remapped = [{ id: 'loop', kind: 'pulse', source: 'loop' }];
    await withPulse({ kind, audio: { inputs: remapped } }, async (rig) => {
      await rig.server.pactl('load-module', 'module-remap-source', 'source_name=loop', 'master=headset.monitor');
      await until('it is refused', async () =>
        /headset -> headset.monitor -> loop/.test((await rig.devices.test('loop', patient())).detail),
      );
      assert.deepEqual(childrenNamed('parec'), []);
    });
  },
);

test(
  "PipeWire: the bot's own output is followed through a loopback and a cable of another process",
  on(PIPEWIRE),
  async () => {
    const inputs = ['cable_mic', 'headset_mic'].map((source) => ({ id: source, kind: 'pulse', source }));
    const outputs = ['cable', 'headset'].map((sink) => ({ id: sink, kind: 'pulse', sink }));
    await withPulse({ kind: PIPEWIRE, audio: { inputs, outputs } }, async (rig) => {
      await until('the one that is there is heard', () => rig.hear()?.by === 'no_frames:cable_mic');
      const cable = rig.server.start(
        'pw-loopback',
        '--capture-props=media.class=Audio/Sink node.name=cable',
        '--playback-props=media.class=Audio/Source node.name=cable_mic',
      );
      const into = async (id: string) => (await rig.devices.test(id, patient())).detail;
      await until('the cable is refused', async () =>
        (await into('cable_mic')).includes("it would hear the bot's own output (cable -> cable.monitor -> cable_mic)"),
      );
      await cable.stop();
      assert.match(await into('headset_mic'), /^headset_mic delivered/);
      const loopback = rig.server.start(
        'pw-loopback',
        '--capture-props=stream.capture.sink=true target.object=headset',
        '--playback-props=target.object=headset_mic_feed',
      );
      await until('the loopback is refused', async () =>
        (await into('headset_mic')).includes(
          '(headset -> headset.monitor -> headset_mic_feed -> headset_mic_feed.monitor -> headset_mic)',
        ),
      );
      await loopback.stop();
      await until('it is open again', async () => /^headset_mic delivered/.test(await into('headset_mic')));
    });
  },
);
