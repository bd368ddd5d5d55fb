import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createValidator } from '@understudy/shared/contracts';
import fc from 'fast-check';
import type { HumanResult } from './human-library.ts';
import { LookAnswerSchema } from './look-messages.ts';
import { readDetections } from './read-detections.ts';

const ALL = ['people', 'faces', 'hands', 'gestures'] as const;
const NOTHING: HumanResult = { face: [], hand: [], object: [], gesture: [] };

test('what is sure enough is counted, with the confidence of the least certain', () => {
  const result: HumanResult = {
    face: [{ score: 0.9, box: [0, 0, 10, 10] }],
    hand: [
      { score: 0.8, box: [50, 50, 10, 10] },
      { score: 0.7, box: [2, 2, 4, 4] },
    ],
    object: [
      { label: 'person', score: 0.666 },
      { label: 'person', score: 0.51 },
      { label: 'person', score: 0.4 },
      { label: 'cup', score: 0.9 },
    ],
    gesture: [
      { hand: 0, gesture: 'thumbs up' },
      { hand: 0, gesture: 'middle finger' },
      { hand: 1, gesture: 'victory' },
      { gesture: 'open palm' },
    ],
  };
  assert.deepEqual(readDetections(result, { kinds: ALL, minConfidence: 0.5 }), {
    people: { count: 2, confidence: 0.51 },
    faces: { count: 1, confidence: 0.9 },
    // The second lies within the face.
    hands: { count: 1, confidence: 0.8 },
    gestures: [{ gesture: 'thumbs up', count: 1, confidence: 0.8 }],
  });
});

test('nobody is an answer; what was not asked for is none', () => {
  assert.deepEqual(readDetections(NOTHING, { kinds: ['people'], minConfidence: 0.6 }), {
    people: { count: 0, confidence: 0.4 },
  });
});

test('whatever the models say, the answer keeps its bounds', () => {
  const validate = createValidator(LookAnswerSchema);
  const score = fc.double({ min: -10, max: 10, noNaN: true });
  const box = fc.tuple(score, score, score, score);
  const seen = fc.array(fc.record({ score, box }), { maxLength: 60 });
  const result = fc.record({
    face: seen,
    hand: seen,
    object: fc.array(fc.record({ label: fc.constantFrom('person', 'cup'), score }), { maxLength: 60 }),
    gesture: fc.array(fc.record({ hand: fc.integer(), gesture: fc.constantFrom('thumbs up', 'point', 'other') })),
  });
  fc.assert(
    fc.property(result, fc.double({ min: 0, max: 1, noNaN: true }), (value, minConfidence) => {
      const detections = readDetections(value, { kinds: ALL, minConfidence });
      assert.equal(validate({ type: 'detected', id: 1, rssBytes: 1, detections }).ok, true);
    }),
  );
});
