import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createRequestPace } from './request-pace.ts';

it('never lets more than the limit through in any minute', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(20_000), { maxLength: 100 }), (limit, pauses) => {
      let now = 0;
      const pace = createRequestPace(() => now, limit);
      const made: number[] = [];
      for (const pause of pauses) {
        now += pause;
        if (!pace.hasRoom()) continue;
        pace.note();
        made.push(now);
      }
      for (const at of made) assert.ok(made.filter((other) => other > at - 60_000 && other <= at).length <= limit);
    }),
  );
});
it('has room again a minute later, and always without a limit', () => {
  let now = 0;
  const pace = createRequestPace(() => now, 1);
  pace.note();
  assert.equal(pace.hasRoom(), false);
  now = 60_000;
  assert.equal(pace.hasRoom(), true);
  assert.equal(createRequestPace(() => now, undefined).hasRoom(), true);
});
