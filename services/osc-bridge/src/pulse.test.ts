import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { BEAT_MS, runPulse } from './pulse.ts';

test('it beats until it is ended, and a beat that throws does not end it: it is told once per run of failures', async () => {
  const clock = createFakeClock();
  const end = new AbortController();
  const failing = [2, 3, 5];
  const told: string[] = [];
  let beats = 0;
  const over = runPulse(
    clock,
    end.signal,
    () => {
      beats += 1;
      if (failing.includes(beats)) throw new Error(`beat ${beats}`);
    },
    (error) => told.push(String(error)),
  );
  await clock.advance(5 * BEAT_MS);
  end.abort();
  await over;
  await clock.advance(5 * BEAT_MS);
  assert.deepEqual(
    { beats, told, sleepers: clock.sleepers() },
    { beats: 6, told: ['Error: beat 2', 'Error: beat 5'], sleepers: 0 },
  );
});
