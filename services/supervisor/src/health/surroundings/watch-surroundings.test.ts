import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { watchSurroundings } from './watch-surroundings.ts';

test('looks at once and again, says a failure once until it is over, and lets no look stop another', async () => {
  const clock = createFakeClock();
  const stop = new AbortController();
  const failed: string[] = [];
  let looks = 0;
  let works = false;
  const watching = watchSurroundings(
    {
      disk: async () => {
        if (!works) throw new Error('gone');
      },
      machine: () => {
        looks += 1;
      },
    },
    { clock, everyMs: 5000, signal: stop.signal, onFailed: (what, error) => failed.push(`${what}: ${error}`) },
  );
  await clock.advance(10_000);
  assert.deepEqual([looks, failed], [3, ['disk: Error: gone']]);
  works = true;
  await clock.advance(5000);
  works = false;
  await clock.advance(5000);
  assert.deepEqual([looks, failed], [5, ['disk: Error: gone', 'disk: Error: gone']]);
  stop.abort();
  await watching;
  assert.equal(looks, 5);
});
