import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detections } from '../child/look-messages.ts';
import { noticeDetections, type ToldDetections } from './notice-detections.ts';

const people = (count: number): Detections => ({ people: { count, confidence: 0.7 } });

/** What is told look by look. */
function told(looks: readonly Detections[]): string[] {
  let known: ToldDetections = {};
  return looks.map((look) => {
    const noticed = noticeDetections(look, known);
    known = noticed.told;
    return noticed.changes.map(({ summary }) => summary).join(' ');
  });
}

test('a count is told once it has been seen twice, and again only when it changes', () => {
  assert.deepEqual(told([0, 2, 2, 2, 1, 2, 1, 1, 0, 0].map(people)), [
    '',
    '',
    'Two people are in view.',
    '',
    '',
    '',
    '',
    'One person is in view.',
    '',
    'Nobody is in view any more.',
  ]);
});

test('the whole change, with its number', () => {
  const { told: known } = noticeDetections(people(1), {});
  assert.deepEqual(noticeDetections(people(1), known).changes, [
    { kind: 'people', summary: 'One person is in view.', confidence: 0.7, value: 1 },
  ]);
});

test('each kind has its words', () => {
  const many: Detections = {
    people: { count: 12, confidence: 1 },
    faces: { count: 1, confidence: 1 },
    hands: { count: 3, confidence: 1 },
    gestures: [
      { gesture: 'thumbs up', count: 1, confidence: 0.6 },
      { gesture: 'open palm', count: 2, confidence: 0.6 },
    ],
  };
  assert.equal(
    told([many, many])[1],
    'More than ten people are in view. One face can be seen. Three hands can be seen. Somebody shows a thumbs up. Somebody shows an open palm.',
  );
  const none: Detections = { people: { count: 0, confidence: 1 }, faces: { count: 0, confidence: 1 }, gestures: [] };
  assert.equal(told([many, many, none, none])[3], 'Nobody is in view any more. No face can be seen any more.');
});

test('a gesture that is made again is told again', () => {
  const thumb: Detections = { gestures: [{ gesture: 'thumbs up', count: 1, confidence: 0.6 }] };
  const none: Detections = { gestures: [] };
  assert.deepEqual(told([thumb, thumb, none, none, thumb, thumb]), [
    '',
    'Somebody shows a thumbs up.',
    '',
    '',
    '',
    'Somebody shows a thumbs up.',
  ]);
});
