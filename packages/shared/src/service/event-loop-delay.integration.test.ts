import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createEventLoopDelaySampler } from './event-loop-delay.ts';

test('a blocked event loop shows in the maximum, once', async () => {
  const sampler = createEventLoopDelaySampler();
  const before = sampler.sample();
  // The histogram measures between two looks of its own: it must have looked once since the sample.
  await delay(200);
  const end = performance.now() + 500;
  while (performance.now() < end);
  await delay(200);
  const blocked = sampler.sample();
  const empty = sampler.sample();
  sampler.stop();
  assert.deepEqual(
    [before, empty],
    [
      { p50Ms: 0, p99Ms: 0, maxMs: 0 },
      { p50Ms: 0, p99Ms: 0, maxMs: 0 },
    ],
  );
  // It looks every 100 ms, and takes so much for no delay.
  assert.ok(blocked.maxMs >= 399, `the longest delay was ${blocked.maxMs} ms`);
  assert.ok(blocked.p50Ms <= blocked.p99Ms && blocked.p99Ms <= blocked.maxMs);
});
