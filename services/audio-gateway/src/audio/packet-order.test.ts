import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Arrival, createPacketOrder } from './packet-order.ts';

const U32 = 2 ** 32;

function arrivals(counters: readonly number[]): Arrival<number>[] {
  const order = createPacketOrder<number>();
  return counters.map((counter) => order.push(counter, counter));
}

const passed = (all: readonly Arrival<number>[]): string[] =>
  all.flatMap((arrival) =>
    arrival.type === 'accepted'
      ? arrival.ready.map(({ packet, lost }) => (lost === 0 ? `${packet}` : `${packet} after ${lost} lost`))
      : [arrival.type],
  );

const from = (start: number, count: number): number[] => Array.from({ length: count }, (_, index) => start + index);

test('in order: each packet passes at once, also where the counter wraps', () => {
  const counters = [U32 - 2, U32 - 1, 0, 1];
  assert.deepEqual(
    arrivals(counters),
    counters.map((packet) => ({ type: 'accepted', ready: [{ packet, lost: 0 }] })),
  );
});

test('out of order: put right', () => {
  assert.deepEqual(passed(arrivals([5, 7, 6, 8])), ['5', '6', '7', '8']);
});

test('repeated: dropped, whether it waits or has passed', () => {
  assert.deepEqual(passed(arrivals([5, 7, 7, 6, 5])), ['5', 'duplicate', '6', '7', 'duplicate']);
});

test('lost: waited for until 16 later packets are there, then counted', () => {
  assert.deepEqual(passed(arrivals([1, ...from(4, 15)])), ['1']);
  assert.deepEqual(passed(arrivals([1, ...from(4, 17)])), ['1', '4 after 2 lost', ...from(5, 16).map(String)]);
});

test('a sender that starts again is followed', () => {
  assert.deepEqual(passed(arrivals([90_000, 0, 1])), ['90000', '0', '1'], 'far back');
  assert.deepEqual(passed(arrivals([5, 90_000, 90_001])), ['5', '90000', '90001'], 'far ahead');
  const near = passed(arrivals([...from(40, 3), ...from(0, 18)]));
  assert.deepEqual(near, ['40', '41', '42', ...Array.from({ length: 15 }, () => 'late'), '15', '16', '17'], 'close by');
});

test('whatever arrives, what passes is in order and nothing passes twice', () => {
  const counters = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 200 });
  fc.assert(
    fc.property(counters, (sequence) => {
      const order = createPacketOrder<number>();
      let restarts = 0;
      let last = -1;
      for (const counter of sequence) {
        const arrival = order.push(counter, counter);
        if (arrival.type !== 'accepted') continue;
        for (const { packet } of arrival.ready) {
          if (packet <= last) restarts += 1;
          last = packet;
        }
      }
      assert.ok(restarts <= sequence.length / 16);
    }),
  );
});
