import assert from 'node:assert/strict';
import { test } from 'node:test';
import { widenInterval } from './widen-interval.ts';

test('the pause grows by the lag, to the double at the most', () => {
  assert.deepEqual(
    [0, 15, 600, 1500, 60_000, -5].map((lagMs) => widenInterval(1500, lagMs)),
    [1500, 1515, 2100, 3000, 3000, 1500],
  );
});
