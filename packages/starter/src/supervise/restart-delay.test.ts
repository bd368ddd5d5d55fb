import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartDelayMs, SERVER_RESTARTS, SERVICE_RESTARTS } from './restart-delay.ts';

const delays = (policy: typeof SERVICE_RESTARTS, ends: number) =>
  Array.from({ length: ends }, (_, endsInARow) => restartDelayMs(policy, endsInARow));

test('a service is started again at once, then after 0.1 s doubling to 10 s', () => {
  assert.deepEqual(delays(SERVICE_RESTARTS, 10), [0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
});

test('a server is started again after 0.1 s doubling to 10 s', () => {
  assert.deepEqual(delays(SERVER_RESTARTS, 9), [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
});

test('the delay never overflows, however often the process ended', () => {
  assert.equal(restartDelayMs(SERVER_RESTARTS, 100_000), 10_000);
});
