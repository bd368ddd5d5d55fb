import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExponentialBackoff, noJitterGenerator } from 'cockatiel';
import { createAttemptPace } from './attempt-pace.ts';

const pauses = (initialDelay: number, maxDelay: number) =>
  new ExponentialBackoff({ generator: noJitterGenerator, initialDelay, maxDelay });
const restarts = { quick: pauses(500, 30_000), budget: 3, rest: pauses(30_000, 900_000), settledAfterMs: 30_000 };

/** When attempts are due for something that stays broken, looking every 100 ms. */
function attemptsUntil(end: number, policy = restarts): number[] {
  const pace = createAttemptPace(policy);
  return Array.from({ length: end / 100 + 1 }, (_, index) => index * 100).filter((now) => pace.isDue(now));
}

test('the budget is spent with growing pauses, then single attempts follow long rests up to the longest', () => {
  assert.deepEqual(
    attemptsUntil(4_000_000),
    [500, 1500, 3500, 33_500, 93_500, 213_500, 453_500, 933_500, 1_833_500, 2_733_500, 3_633_500],
  );
});

test('what works long enough has its whole budget again', () => {
  const pace = createAttemptPace(restarts);
  const due = (from: number, to: number): number[] => {
    const times: number[] = [];
    for (let now = from; now <= to; now += 100) if (pace.isDue(now)) times.push(now);
    return times;
  };
  assert.deepEqual(due(0, 4000), [500, 1500, 3500]);
  pace.works(4100);
  pace.works(34_100);
  assert.deepEqual(due(40_000, 44_000), [40_500, 41_500, 43_500]);
});

test('what breaks again at once goes on where it was: a crash loop spends the budget', () => {
  const pace = createAttemptPace(restarts);
  const times: number[] = [];
  for (let now = 0; now <= 40_000; now += 100) {
    // Each attempt helps for a second.
    const helped = times.at(-1);
    if (helped !== undefined && now - helped < 1000) pace.works(now);
    else if (pace.isDue(now)) times.push(now);
  }
  assert.deepEqual(times, [500, 1500, 3500, 33_500]);
});
