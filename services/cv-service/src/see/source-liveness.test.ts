import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeLiveness, noteFrame, type SeenFrames } from './source-liveness.ts';

const limits = { frameTimeoutMs: 5000, frozenAfterMs: 60_000 };
const opened: SeenFrames = { openedAt: 0 };

/** Frames as [time, picture]. */
const after = (...frames: readonly (readonly [number, string])[]): SeenFrames =>
  frames.reduce((seen, [at, picture]) => noteFrame(seen, picture, at, limits), opened);

/** The same picture every second. */
const still = (from: number, to: number): (readonly [number, string])[] =>
  Array.from({ length: (to - from) / 1000 + 1 }, (_, index) => [from + index * 1000, 'still'] as const);

for (const [name, seen, now, expected] of [
  ['just opened', opened, 4999, { state: 'waiting' }],
  ['opened, and nothing came in time', opened, 5000, { state: 'lost', silentMs: 5000 }],
  ['frames come', after([1000, 'a'], [2000, 'b']), 6999, { state: 'live' }],
  ['frames stopped', after([1000, 'a'], [2000, 'b']), 7000, { state: 'lost', silentMs: 5000 }],
  ['the same picture, not yet too long', after(...still(0, 59_000)), 59_999, { state: 'live' }],
  ['a pause is no frozen picture', after(...still(0, 59_000)), 63_000, { state: 'live' }],
  ['the same picture for too long', after(...still(0, 60_000)), 60_000, { state: 'frozen', sameMs: 60_000 }],
  ['another picture after a frozen one', after(...still(0, 70_000), [71_000, 'b']), 71_500, { state: 'live' }],
  ['the frozen picture stops too', after(...still(0, 70_000)), 75_000, { state: 'lost', silentMs: 5000 }],
  [
    'the same picture after a gap begins anew',
    after(...still(0, 70_000), [80_000, 'still']),
    80_001,
    { state: 'live' },
  ],
] as const) {
  test(name, () => assert.deepEqual(judgeLiveness(seen, now, limits), expected));
}
