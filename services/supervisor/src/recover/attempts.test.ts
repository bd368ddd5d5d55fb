import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { doubling, fullJitter } from './attempts.ts';

describe('waits', () => {
  const exponent = fc.nat(2000);

  it('with full jitter lie between nothing and the bound, which is the longest at most', () => {
    fc.assert(
      fc.property(exponent, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (n, chance) => {
        const wait = fullJitter(1000, n, 30_000, () => chance);
        assert.ok(wait >= 0 && wait <= Math.min(30_000, 1000 * 2 ** n));
      }),
    );
    assert.deepEqual(
      [0, 1, 2, 9].map((n) => fullJitter(1000, n, 30_000, () => 0.5)),
      [500, 1000, 2000, 15_000],
    );
  });

  it('that double never shrink and end at the longest', () => {
    assert.deepEqual(
      [0, 1, 2, 5, 1e6].map((n) => doubling(500, n, 16_000)),
      [500, 1000, 2000, 16_000, 16_000],
    );
  });
});
