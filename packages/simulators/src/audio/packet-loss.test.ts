import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_PACKETS, trackPacket } from './packet-loss.ts';

const track = (counters: readonly number[]) =>
  counters.reduce((loss, counter) => trackPacket(loss, counter).loss, NO_PACKETS);

const rows = [
  ['in order', [7, 8, 9], { expected: 10, received: 3, lost: 0, outOfOrder: 0, restarts: 0 }],
  ['two lost', [7, 10], { expected: 11, received: 2, lost: 2, outOfOrder: 0, restarts: 0 }],
  ['two swapped', [7, 9, 8, 10], { expected: 11, received: 4, lost: 0, outOfOrder: 1, restarts: 0 }],
  ['wrap', [0xffffffff, 0], { expected: 1, received: 2, lost: 0, outOfOrder: 0, restarts: 0 }],
  ['sender restarted', [50_000, 0, 1], { expected: 2, received: 3, lost: 0, outOfOrder: 0, restarts: 1 }],
] as const;

for (const [name, counters, expected] of rows) {
  test(`packet loss: ${name}`, () => assert.deepEqual(track(counters), expected));
}

test('packet loss: whatever is dropped from a run is counted, wherever the run starts', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.array(fc.boolean(), { minLength: 2, maxLength: 200 }), (start, kept) => {
      const counters = kept.flatMap((keep, index) =>
        keep || index === 0 || index === kept.length - 1 ? [(start + index) % 2 ** 32] : [],
      );
      const { lost, received } = track(counters);
      assert.deepEqual({ lost, received }, { lost: kept.length - counters.length, received: counters.length });
    }),
  );
});
