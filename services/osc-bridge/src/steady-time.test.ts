import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSteadyNow } from './steady-time.ts';

test('a clock that is set back does not stop it', () => {
  let clock = 1_000_000;
  const now = createSteadyNow(() => clock);
  const at = (value: number): number => {
    clock = value;
    return now();
  };
  assert.deepEqual([at(1_000_100), at(900_000), at(900_050), at(900_050)], [100, 100, 150, 150]);
});
