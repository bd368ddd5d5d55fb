import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { ConstantBackoff } from 'cockatiel';
import { createActingAlone, type OwnRepair, type RepairCondition } from './act-alone.ts';
import { createAttemptPace } from './attempt-pace.ts';

function setUp() {
  const clock = createFakeClock(0);
  const world = { supervised: true, condition: 'broken' as RepairCondition, repairs: [] as number[] };
  const fake = createFakeContext('cv-service', { clock });
  const repair: OwnRepair = {
    name: 'restart-child',
    condition: () => world.condition,
    repair: async () => {
      world.repairs.push(clock.now());
      await clock.sleep(300);
      return true;
    },
    pace: createAttemptPace({
      quick: new ConstantBackoff(100),
      budget: 10,
      rest: new ConstantBackoff(100),
      settledAfterMs: 1000,
    }),
  };
  const tick = createActingAlone({ ...fake, isSupervised: () => world.supervised }, () => [repair]);
  const run = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 100) {
      tick();
      await clock.advance(100);
    }
  };
  return { world, run, errors: fake.errors };
}

test('while the supervisor is there nothing is repaired', async () => {
  const { world, run, errors } = setUp();
  await run(2000);
  assert.deepEqual({ repairs: world.repairs, errors }, { repairs: [], errors: [] });
});

test('alone it repairs, one attempt at a time, and tells so once when the supervisor is back', async () => {
  const { world, run, errors } = setUp();
  world.supervised = false;
  await run(1000);
  assert.deepEqual(world.repairs, [100, 400, 700]);
  world.supervised = true;
  await run(1000);
  assert.deepEqual(
    errors.map(({ code, context }) => ({ code, context })),
    [{ code: 'SUPERVISOR_SILENT', context: { attempts: 3, since: '1970-01-01T00:00:00.100Z' } }],
  );
});

test('a silence in which nothing had to be done is not told', async () => {
  for (const condition of ['works', 'idle'] as const) {
    const { world, run, errors } = setUp();
    Object.assign(world, { supervised: false, condition });
    await run(1000);
    world.supervised = true;
    await run(1000);
    assert.deepEqual({ repairs: world.repairs, errors }, { repairs: [], errors: [] });
  }
});
