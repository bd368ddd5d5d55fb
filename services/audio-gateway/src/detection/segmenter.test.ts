import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFrameCutter, FRAME_SAMPLES } from './frame-cutter.ts';
import { type DetectionSettings, endOfStream, QUIET, type SegmenterState, segment } from './segmenter.ts';

const SETTINGS: DetectionSettings = {
  start_db: -45,
  start_ms: 90,
  hangover_ms: 600,
  pre_roll_ms: 300,
  longest_ms: 30_000,
};
const LOUD = -20;
const FADING = -48;
const SILENT = -75;

/** Each frame carries its own number, so that an utterance tells which frames it has. */
function listen(levels: readonly number[], settings = SETTINGS) {
  let state: SegmenterState = QUIET;
  const utterances: { first: number; last: number; endedAt: number }[] = [];
  for (const [index, level] of levels.entries()) {
    const step = segment(state, Float32Array.of(index), level, settings);
    state = step.state;
    if (!step.utterance) continue;
    utterances.push({ first: step.utterance[0]?.[0] ?? -1, last: step.utterance.at(-1)?.[0] ?? -1, endedAt: index });
  }
  return { utterances, state };
}

const frames = (count: number, level: number): number[] => Array.from({ length: count }, () => level);

test('an utterance has its pre-roll and ends after the hangover', () => {
  const { utterances, state } = listen([...frames(50, SILENT), ...frames(40, LOUD), ...frames(40, SILENT)]);
  assert.deepEqual(utterances, [{ first: 35, last: 119, endedAt: 119 }]);
  assert.equal(state.state, 'quiet');
});

test('a click is no speech', () => {
  assert.deepEqual(listen([...frames(20, SILENT), ...frames(4, LOUD), ...frames(60, SILENT)]).utterances, []);
});

test('a pause shorter than the hangover and a fading voice do not end it', () => {
  const levels = [...frames(10, LOUD), ...frames(29, SILENT), ...frames(10, LOUD), ...frames(100, FADING)];
  const { utterances, state } = listen(levels);
  assert.deepEqual(utterances, []);
  assert.equal(state.state === 'speaking' && state.frames.length, 149);
});

test('an endless noise is cut at the longest utterance and heard on', () => {
  const { utterances } = listen(frames(300, LOUD), { ...SETTINGS, longest_ms: 2000 });
  assert.deepEqual(utterances, [
    { first: 0, last: 99, endedAt: 99 },
    { first: 100, last: 199, endedAt: 199 },
    { first: 200, last: 299, endedAt: 299 },
  ]);
});

test('the end of the stream ends the utterance, and nothing else makes one', () => {
  const speaking = listen(frames(10, LOUD)).state;
  assert.deepEqual(endOfStream(speaking).utterance?.length, 10);
  assert.deepEqual(endOfStream(QUIET), { state: QUIET });
});

test('whatever is heard, utterances are in order, never overlap and never exceed the longest', () => {
  const levels = fc.array(fc.constantFrom(LOUD, FADING, SILENT), { maxLength: 600 });
  fc.assert(
    fc.property(levels, (heard) => {
      let end = -1;
      for (const { first, last } of listen(heard, { ...SETTINGS, longest_ms: 1000, hangover_ms: 100 }).utterances) {
        assert.ok(first > end && last >= first && last - first < 50);
        end = last;
      }
    }),
  );
});

test('frames are whole however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 30 }), (lengths) => {
      const cut = createFrameCutter();
      let next = 0;
      const heard = lengths.flatMap((length) => cut(Float32Array.from({ length }, () => next++)));
      const total = lengths.reduce((sum, length) => sum + length, 0);
      assert.equal(heard.length, Math.floor(total / FRAME_SAMPLES));
      assert.ok(heard.every((frame, index) => frame.length === FRAME_SAMPLES && frame[0] === index * FRAME_SAMPLES));
    }),
  );
});
