import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expireLeases, type HeldInputs, holdInput, NOTHING_HELD, releaseAll, takeReleases } from './held-inputs.ts';
import { INPUT_NAMES, type InputName } from './input-table.ts';

const LEASE_MS = 2000;
const hold = (inputs: HeldInputs, name: InputName, value: number, now: number, durationMs?: number): HeldInputs =>
  holdInput(inputs, name, value, { now, durationMs, leaseMs: LEASE_MS });

test('a hold ends after its duration, quietly', () => {
  const held = hold(NOTHING_HELD, 'Vertical', 1, 0, 500);
  assert.deepEqual(expireLeases(held, 499), { inputs: held, overdue: [] });
  assert.deepEqual(expireLeases(held, 500), {
    inputs: { held: new Map(), owed: new Map([['Vertical', 2]]) },
    overdue: [],
  });
});

test('a hold that nobody ends is ended by the lease and named', () => {
  const { inputs, overdue } = expireLeases(hold(NOTHING_HELD, 'Jump', 1, 0), LEASE_MS);
  assert.deepEqual({ owed: [...inputs.owed], overdue }, { owed: [['Jump', 2]], overdue: ['Jump'] });
});

test('no duration is longer than the lease', () => {
  assert.deepEqual(
    hold(NOTHING_HELD, 'Run', 1, 100, 60_000).held,
    new Map([['Run', { until: 100 + LEASE_MS, openEnded: false }]]),
  );
});

test('renewing moves the end', () => {
  const renewed = hold(hold(NOTHING_HELD, 'Vertical', 1, 0), 'Vertical', 0.5, 1500);
  assert.deepEqual(expireLeases(renewed, LEASE_MS).overdue, []);
  assert.deepEqual(expireLeases(renewed, 1500 + LEASE_MS).overdue, ['Vertical']);
});

test('a release is told twice, and no more once the input is pressed again', () => {
  const released = hold(hold(NOTHING_HELD, 'Jump', 1, 0), 'Jump', 0, 10);
  const first = takeReleases(released);
  assert.deepEqual(first.releases, ['Jump']);
  const second = takeReleases(first.inputs);
  assert.deepEqual(second, { inputs: NOTHING_HELD, releases: ['Jump'] });
  assert.deepEqual(takeReleases(hold(first.inputs, 'Jump', 1, 20)).releases, []);
});

test('releasing all covers what an earlier process held', () => {
  const inputs = releaseAll(hold(NOTHING_HELD, 'Vertical', 1, 0), ['MoveLeft']);
  assert.deepEqual(inputs, {
    held: new Map(),
    owed: new Map([
      ['Vertical', 2],
      ['MoveLeft', 2],
    ]),
  });
});

test('property: whatever is pressed, nothing is held longer than the lease, and every end owes a release', () => {
  const step = fc.record({
    name: fc.constantFrom(...INPUT_NAMES),
    value: fc.constantFrom(0, 1),
    wait: fc.nat(3000),
    durationMs: fc.option(fc.nat(9000), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let inputs = NOTHING_HELD;
      let now = 0;
      const pressedAt = new Map<InputName, number>();
      for (const { name, value, wait, durationMs } of steps) {
        now += wait;
        const before = inputs.held;
        inputs = expireLeases(inputs, now).inputs;
        for (const ended of before.keys()) if (!inputs.held.has(ended)) assert.equal(inputs.owed.get(ended), 2);
        inputs = hold(inputs, name, value, now, durationMs);
        if (value !== 0) pressedAt.set(name, now);
        for (const [held, { until }] of inputs.held) assert.ok(until <= (pressedAt.get(held) ?? 0) + LEASE_MS);
      }
    }),
  );
});
