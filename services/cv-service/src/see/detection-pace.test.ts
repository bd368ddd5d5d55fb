import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstPace, isDue, paceAfter } from './detection-pace.ts';

const periods = (tooks: readonly number[], maxFps = 0.5): number[] => {
  let pace = firstPace(maxFps);
  return tooks.map((tookMs) => {
    pace = paceAfter(pace, { startedAt: 0, tookMs, isLate: false }, maxFps);
    return pace.periodMs;
  });
};

test('a look of more than a quarter of its period halves the pace until it fits', () => {
  assert.deepEqual(periods([400, 600, 600, 1200, 1200]), [2000, 4000, 4000, 8000, 8000]);
});

test('when the game leaves the processor again, the pace returns to the configured one and no further', () => {
  assert.deepEqual(periods([600, 1200, 400, 200, 100, 10, 10]), [4000, 8000, 4000, 2000, 2000, 2000, 2000]);
});

test('a late look halves the pace however little of it was work', () => {
  assert.equal(paceAfter(firstPace(0.5), { startedAt: 0, tookMs: 1, isLate: true }, 0.5).periodMs, 4000);
});

test('the next look is due one period after the last one began', () => {
  const pace = paceAfter(firstPace(1), { startedAt: 5000, tookMs: 200, isLate: false }, 1);
  assert.deepEqual([isDue(firstPace(1), 0), isDue(pace, 5999), isDue(pace, 6000)], [true, false, true]);
});

test('the period stays between the configured one and a minute', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000)), fc.double({ min: 0.02, max: 10, noNaN: true }), (tooks, maxFps) => {
      for (const period of periods(tooks, maxFps)) assert.ok(period >= 1000 / maxFps && period <= 60_000);
    }),
  );
});
