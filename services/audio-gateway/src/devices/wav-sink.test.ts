import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFakeContext } from '@understudy/shared/testing';
import { createWavSink } from './wav-sink.ts';

test('a sentence that cannot be written is a lost output, not a failed synthesis', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-wav-sink-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const sink = createWavSink(createFakeContext('audio-gateway'), { id: 'outbox', kind: 'wav', folder });
  const begun: string[] = [];
  const play = () => {
    const pieces = (async function* () {
      yield new Float32Array(480);
    })();
    return sink.play({ sampleRate: 48_000, pieces }, () => void begun.push('begun'), new AbortController().signal);
  };
  await play();
  assert.deepEqual([begun, (await readdir(folder)).length], [['begun'], 1]);
  await rm(folder, { recursive: true });
  const message = `Output outbox: ${folder} cannot be written: ENOENT; make the folder and room in it, or let this service write to it`;
  await assert.rejects(play, { code: 'AUDIO_OUTPUT_LOST', message });
  assert.deepEqual(begun, ['begun']);
});
