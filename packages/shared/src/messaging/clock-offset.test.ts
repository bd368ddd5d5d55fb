import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createClockOffset } from './clock-offset.ts';

it('tells the waiting of a message whatever the clocks say', () => {
  fc.assert(
    fc.property(fc.integer({ min: -86_400_000, max: 86_400_000 }), fc.nat({ max: 60_000 }), (skew, waited) => {
      const offset = createClockOffset();
      for (const way of [3, 1, 250, 2]) offset.note(1000, 1000 + skew + way);
      assert.equal(offset.ageOf(5000, 5000 + skew + 1 + waited), waited);
    }),
  );
});

it('calls nothing late while it knows nothing', () => {
  assert.equal(createClockOffset().ageOf(0, 99_999), 0);
});

it('follows a clock that was set', () => {
  const offset = createClockOffset();
  offset.note(0, -5000);
  for (let i = 0; i < 60; i += 1) offset.note(0, 2);
  assert.equal(offset.ageOf(0, 12), 10);
});
