import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { shareTime } from './share-time.ts';

const share = (remainingMs: number, providersLeft: number) =>
  shareTime({ remainingMs, providersLeft, reserveMs: 400, firstTokenTimeoutMs: 2500 });

describe('shareTime', () => {
  it('gives each its configured time where that fits', () => {
    assert.deepEqual([share(6000, 2), share(3500, 1)], [2500, 2500]);
  });
  it('shares what is left where it does not', () => assert.equal(share(6000, 3), 1866));
  it('asks nobody when it is too late', () =>
    assert.deepEqual([share(899, 1), share(0, 1), share(-5, 2)], [undefined, undefined, undefined]));
  it('lets silent providers, however many, end before the reserve begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1, max: 9 }), (total, providers) => {
        let remaining = total;
        for (let left = providers; left > 0; left -= 1) remaining -= share(remaining, left) ?? 0;
        assert.ok(remaining >= Math.min(total, 400));
      }),
    );
  });
});
