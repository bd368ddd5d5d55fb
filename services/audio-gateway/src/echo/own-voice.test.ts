import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createOwnVoice } from './own-voice.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('what was synthesized and never played is forgotten with the next sentence', () => {
  const ownVoice = createOwnVoice({ now: () => 0 });
  const sentence = new Float32Array(8000 * 10);
  const heldMb = () => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 1e6;
  };
  ownVoice.onPlaying(8000).push(sentence);
  const before = heldMb();
  for (let count = 0; count < 100; count += 1) ownVoice.onPlaying(8000).push(sentence);
  assert.ok(heldMb() - before < 5, `${heldMb() - before} MB`);
  assert.equal(ownVoice.playedAt(0), undefined);
});
