import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { isAtLeast, SEVERITIES, SEVERITY, worseOf } from './severity.ts';

const severity = fc.constantFrom(...SEVERITIES);

it("has the user's names and numbers", () => {
  assert.deepEqual(SEVERITY, { CRITICAL: 5, ERROR: 4, WARNING: 3, INFO: 2, DEBUG: 1 });
});

it('orders by the numbers', () => {
  fc.assert(
    fc.property(severity, severity, (a, b) => {
      assert.equal(isAtLeast(a, b), SEVERITY[a] >= SEVERITY[b]);
      assert.equal(SEVERITY[worseOf(a, b)], Math.max(SEVERITY[a], SEVERITY[b]));
      assert.equal(worseOf(a, b), worseOf(b, a));
    }),
  );
});
