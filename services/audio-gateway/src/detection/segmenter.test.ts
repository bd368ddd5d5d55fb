import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFrameCutter, FRAME_MS, FRAME_SAMPLES } from '../audio/frame-cutter.ts';
import {
  endOfStream,
  QUIET,
  type Segmented,
  type SegmenterSettings,
  type SegmenterState,
  segment,
} from './segmenter.ts';

const SETTINGS: SegmenterSettings = {
  start_probability: 0.5,
  end_probability: 0.35,
  start_ms: 90,
  hangover_ms: 600,
  pre_roll_ms: 300,
  longest_ms: 30_000,
};
const LOUD = 0.9;
const FADING = 0.4;
const SILENT = 0.01;

/** Each frame is its own number, so that an utterance tells which frames it has. */
function listen(levels: readonly number[], settings = SETTINGS) {
  let state: SegmenterState<number> = QUIET;
  const utterances: { first: number; last: number; endedAt: number; speechMs: number }[] = [];
  for (const [index, level] of levels.entries()) {
    const step: Segmented<number> = segment(state, index, level, settings);
    state = step.state;
    if (!step.utterance) continue;
    const { frames: heard, speechMs } = step.utterance;
    utterances.push({ first: heard[0] ?? -1, last: heard.at(-1) ?? -1, endedAt: index, speechMs });
  }
  return { utterances, state };
}

const frames = (count: number, level: number): number[] => Array.from({ length: count }, () => level);

test('an utterance has its pre-roll and ends after the hangover', () => {
  const { utterances, state } = listen([...frames(50, SILENT), ...frames(40, LOUD), ...frames(40, SILENT)]);
  assert.deepEqual(utterances, [{ first: 40, last: 108, endedAt: 108, speechMs: 40 * FRAME_MS }]);
  assert.equal(state.state, 'quiet');
});

test('a click is no speech', () => {
  assert.deepEqual(listen([...frames(20, SILENT), ...frames(2, LOUD), ...frames(60, SILENT)]).utterances, []);
});

test('a pause shorter than the hangover and a fading voice do not end it', () => {
  const levels = [...frames(10, LOUD), ...frames(18, SILENT), ...frames(10, LOUD), ...frames(100, FADING)];
  const { utterances, state } = listen(levels);
  assert.deepEqual(utterances, []);
  assert.equal(state.state === 'speaking' && state.utterance.frames.length, 138);
});

test('an endless noise is cut at the longest utterance and heard on', () => {
  const { utterances } = listen(frames(300, LOUD), { ...SETTINGS, longest_ms: 2000 });
  assert.deepEqual(utterances, [
    { first: 0, last: 62, endedAt: 62, speechMs: 63 * FRAME_MS },
    { first: 63, last: 125, endedAt: 125, speechMs: 63 * FRAME_MS },
    { first: 126, last: 188, endedAt: 188, speechMs: 63 * FRAME_MS },
    { first: 189, last: 251, endedAt: 251, speechMs: 63 * FRAME_MS },
  ]);
});

test('the end of the stream ends the utterance, and nothing else makes one', () => {
  const speaking = listen(frames(10, LOUD)).state;
  assert.deepEqual(endOfStream(speaking).utterance?.frames.length, 10);
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
    fc.property(fc.array(fc.integer({ min: 0, max: 1700 }), { maxLength: 30 }), (lengths) => {
      const cut = createFrameCutter();
      let next = 0;
      const heard = lengths.flatMap((length) => cut(Float32Array.from({ length }, () => next++)));
      const total = lengths.reduce((sum, length) => sum + length, 0);
      assert.equal(heard.length, Math.floor(total / FRAME_SAMPLES));
      assert.ok(heard.every((frame, index) => frame.length === FRAME_SAMPLES && frame[0] === index * FRAME_SAMPLES));
    }),
  );
});
