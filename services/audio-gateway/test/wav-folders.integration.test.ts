import assert from 'node:assert/strict';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeWav, demodulate, encodeWav, modulate } from '@understudy/simulators';
import { reply, until, withRig } from './rig.ts';

const spoken = (text: string, sampleRate: number) => encodeWav({ sampleRate, samples: modulate(text, sampleRate) });

test('files put into the input folder are heard, oldest first, and moved; what is no WAV is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-heard-'));
  const audio = { inputs: [{ id: 'inbox', kind: 'wav', folder }] };
  await withRig({ audio }, async (rig) => {
    await until('the folder is watched', () => rig.context.observed().hear?.level === 'full');
    await writeFile(join(folder, 'b.wav'), spoken('I came first.', 44_100));
    await writeFile(join(folder, 'broken.wav'), 'this is no sound at all');
    await until('the first is heard', () => rig.published('utterance').length === 1);
    await writeFile(join(folder, 'a.wav'), spoken('I came second.', 16_000));
    await until('the second is heard', () => rig.published('utterance').length === 2);
    assert.deepEqual(
      rig.published('utterance').map(({ text }) => text),
      ['I came first.', 'I came second.'],
    );
    await until('all are moved', async () => (await readdir(folder)).every((name) => !name.endsWith('.wav')));
    assert.deepEqual(
      { heard: (await readdir(join(folder, 'heard'))).sort(), refused: await readdir(join(folder, 'refused')) },
      { heard: ['a.wav', 'b.wav'], refused: ['broken.wav'] },
    );
    assert.match(await rig.context.metrics.text(), /bad_input_total\{edge="wav",reason="not_riff_wave"[^}]*\} 1/);
    await rm(folder, { recursive: true });
    await until('the loss is observed', () => rig.context.observed().hear?.by === 'no_frames:inbox');
  });
});

test('ROOT CAUSE: a file that cannot be moved was heard again and again, and stood before all others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-heard-'));
  await writeFile(join(folder, 'heard'), 'no folder');
  await withRig({ audio: { inputs: [{ id: 'inbox', kind: 'wav', folder }] } }, async (rig) => {
    await until('the folder is watched', () => rig.context.observed().hear?.level === 'full');
    for (const [name, text] of [
      ['a.wav', 'I am heard once.'],
      ['b.wav', 'So am I.'],
      ['c.wav', 'And I.'],
    ] as const) {
      await writeFile(join(folder, name), spoken(text, 16_000));
      await until(`${name} is heard`, () => rig.published('utterance').some((utterance) => utterance.text === text));
    }
    assert.deepEqual(
      rig.published('utterance').map(({ text }) => text),
      ['I am heard once.', 'So am I.', 'And I.'],
    );
    await until('each is counted', async () =>
      /bad_input_total\{edge="wav",reason="not_moved"[^}]*\} 3/.test(await rig.context.metrics.text()),
    );
  });
  await rm(folder, { recursive: true });
});

test('ROOT CAUSE: a file whose writer stalled was refused, and never heard', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-heard-'));
  await withRig({ audio: { inputs: [{ id: 'inbox', kind: 'wav', folder }] } }, async (rig) => {
    await until('the folder is watched', () => rig.context.observed().hear?.level === 'full');
    const slow = await open(join(folder, 'slow.wav'), 'w');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await writeFile(join(folder, 'quick.wav'), spoken('I did not wait.', 16_000));
    await until('the other one is heard', () => rig.published('utterance').length === 1);
    await slow.writeFile(spoken('I took my time.', 16_000));
    await slow.close();
    await until('it is heard', () => rig.published('utterance').some(({ text }) => text === 'I took my time.'));
  });
  await rm(folder, { recursive: true });
});

test('each sentence becomes one whole WAV file in the output folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-spoken-'));
  const audio = { outputs: [{ id: 'outbox', kind: 'wav', folder }], ping_interval_ms: 100 };
  await withRig({ audio }, async (rig) => {
    await rig.context.bus.deliver('reply', reply('turn-00000001', 0, 'One.'));
    await rig.context.bus.deliver('reply', reply('turn-00000001', 1, 'Two.', { final: true }));
    await until('both files are there', async () => {
      return (await readdir(folder)).filter((name) => !name.startsWith('.')).length === 2;
    });
    const texts: (string | undefined)[] = [];
    for (const name of (await readdir(folder)).sort()) {
      const { samples, sampleRate } = decodeWav(await readFile(join(folder, name)));
      texts.push(demodulate(samples, sampleRate));
    }
    assert.deepEqual(texts, ['One.', 'Two.']);
    assert.deepEqual(rig.context.observed().speak, { level: 'full', by: 'device:outbox' });

    await rm(folder, { recursive: true });
    await until('the loss is observed', () => rig.context.observed().speak?.by === 'no_device');
    assert.deepEqual(
      rig.context.errors.map(({ code, subject }) => `${code} ${subject}`),
      ['AUDIO_OUTPUT_LOST outbox'],
    );
  });
});
