import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planFaults } from './plan-faults.ts';
import { seededChance } from './seeded-chance.ts';

test('the same seed plans the same faults', () => {
  assert.deepEqual(planFaults(seededChance(7), 600_000), planFaults(seededChance(7), 600_000));
  assert.notDeepEqual(planFaults(seededChance(7), 600_000), planFaults(seededChance(8), 600_000));
});

test('faults come in order, end before the end, and end no process in the second half', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 60_000, max: 3_600_000 }), (seed, totalMs) => {
      const planned = planFaults(seededChance(seed), totalMs);
      const times = planned.map(({ atMs }) => atMs);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
      for (const fault of planned) {
        if (fault.kind === 'fault') assert.ok(fault.atMs + fault.durationMs <= totalMs);
        if (fault.atMs < totalMs / 2) continue;
        assert.equal(fault.kind, 'fault');
        assert.ok(fault.kind === 'fault' && fault.service === undefined, JSON.stringify(fault));
      }
    }),
  );
});

test('in twenty minutes every kind of fault is planned', () => {
  const planned = planFaults(seededChance(1), 20 * 60_000);
  assert.ok(planned.length > 80, String(planned.length));
  assert.deepEqual([...new Set(planned.map(({ kind }) => kind))].toSorted(), ['fault', 'kill']);
});
