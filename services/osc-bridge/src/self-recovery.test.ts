import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSelfRecovery, reconnectDelays } from './self-recovery.ts';

function arrange() {
  const world = { supervised: false, down: true };
  const told: string[] = [];
  const waits = [100, 200, 5000];
  const recovery = createSelfRecovery({
    delays: () => {
      let index = 0;
      return () => {
        index += 1;
        return waits[Math.min(index, waits.length) - 1] ?? 0;
      };
    },
    isSupervised: () => world.supervised,
    isDown: () => world.down,
    reconnect: async () => void told.push('reconnect'),
    onAttempt: (attempt) => told.push(`attempt ${attempt}`),
    onSupervised: (attempts) => told.push(`supervised after ${attempts}`),
  });
  /** Lets a reconnect end between two beats. */
  const beat = async (now: number): Promise<string[]> => {
    recovery.beat(now);
    await new Promise((resolve) => setImmediate(resolve));
    return told.splice(0);
  };
  return { world, beat };
}

test('while the supervisor is there nothing is done', async () => {
  const { world, beat } = arrange();
  world.supervised = true;
  assert.deepEqual([await beat(0), await beat(100_000)], [[], []]);
});

test('without it the bridge reconnects with backoff, for as long as it takes', async () => {
  const { beat } = arrange();
  const attempts: string[][] = [];
  for (const now of [0, 99, 100, 299, 300, 5299, 5300, 10_300]) attempts.push(await beat(now));
  assert.deepEqual(attempts, [
    [],
    [],
    ['attempt 1', 'reconnect'],
    [],
    ['attempt 2', 'reconnect'],
    [],
    ['attempt 3', 'reconnect'],
    ['attempt 4', 'reconnect'],
  ]);
});

test('when VRChat is back the backoff begins anew', async () => {
  const { world, beat } = arrange();
  await beat(0);
  await beat(100);
  world.down = false;
  assert.deepEqual(await beat(200), []);
  world.down = true;
  assert.deepEqual([await beat(1000), await beat(1099), await beat(1100)], [[], [], ['attempt 1', 'reconnect']]);
});

test('when the supervisor is back it is told once what was done', async () => {
  const { world, beat } = arrange();
  await beat(0);
  await beat(100);
  world.supervised = true;
  assert.deepEqual([await beat(200), await beat(300)], [['supervised after 1'], []]);
});

test('the delays are quick ones within their bounds, then the slow one for ever', () => {
  const pace = { initialDelayMs: 1000, maxDelayMs: 30_000, quickAttempts: 3, slowProbeMs: 5000 };
  const next = reconnectDelays(() => pace)();
  const bounds = [1000, 2000, 4000];
  for (const bound of bounds) assert.ok(next() <= bound);
  assert.deepEqual([next(), next(), next()], [5000, 5000, 5000]);
});
