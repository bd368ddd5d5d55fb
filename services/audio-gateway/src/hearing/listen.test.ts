import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAME_SAMPLES } from '../audio/frame-cutter.ts';
import { createListener } from './listen.ts';

const SETTINGS = {
  start_probability: 0.5,
  end_probability: 0.35,
  start_ms: 32,
  hangover_ms: 64,
  pre_roll_ms: 32,
  longest_ms: 30_000,
};

/** A detector that answers when the test says so. */
function setUp() {
  const answers: ((probability: number) => void)[] = [];
  const told = { utterances: [] as number[][], dropped: 0, interrupted: 0 };
  let allowed = true;
  const listener = createListener({
    clock: { now: () => 0 },
    settings: () => SETTINGS,
    detector: {
      judge: (_frame, answer) => void answers.push(answer),
      interrupt() {
        told.interrupted += 1;
      },
    },
    isAllowed: () => allowed,
    onUtterance: ({ samples }) => {
      const firsts = Array.from({ length: samples.length / FRAME_SAMPLES }, (_, i) => samples[i * FRAME_SAMPLES] ?? -1);
      told.utterances.push(firsts);
    },
    onFrame: () => {},
    onDropped() {
      told.dropped += 1;
    },
  });
  const hear = (...numbers: readonly number[]) => {
    for (const number of numbers) listener.onSamples(new Float32Array(FRAME_SAMPLES).fill(number));
  };
  return {
    listener,
    hear,
    answers,
    told,
    allow(value: boolean) {
      allowed = value;
    },
  };
}

test('answers out of order are taken in the order of the stream', () => {
  const { hear, answers, told } = setUp();
  hear(1, 2, 3, 4);
  for (const index of [3, 2, 1, 0]) answers[index]?.(index < 2 ? 1 : 0);
  assert.deepEqual(told.utterances, [[1, 2, 3, 4]]);
});

test('an interruption waits for the frames that were before it', () => {
  const { listener, hear, answers, told } = setUp();
  hear(1, 2);
  listener.onInterrupted();
  hear(3);
  assert.deepEqual(told.utterances, []);
  for (const answer of answers) answer(1);
  assert.deepEqual(told.utterances, [[1, 2]]);
  listener.onInterrupted();
  assert.deepEqual(told, { utterances: [[1, 2], [3]], dropped: 0, interrupted: 2 });
});

test('a detector is interrupted once while hearing is not allowed, so that it comes to rest', () => {
  const { hear, told, allow } = setUp();
  allow(false);
  hear(1, 2, 3);
  assert.deepEqual([told.interrupted, told.dropped], [1, 3]);
  allow(true);
  hear(4);
  allow(false);
  hear(5);
  assert.deepEqual([told.interrupted, told.dropped], [2, 4]);
});

test('while hearing is not allowed nothing is kept, and late answers change nothing', () => {
  const { listener, hear, answers, told, allow } = setUp();
  hear(1, 2);
  allow(false);
  hear(3);
  for (const answer of answers) answer(1);
  listener.onInterrupted();
  assert.deepEqual(told, { utterances: [], dropped: 1, interrupted: 2 });
});
