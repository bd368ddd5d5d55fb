import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPacketPacer } from './packet-pacer.ts';
import { createSampleQueue } from './sample-queue.ts';

test('packets are due by elapsed time, however late the timer is', () => {
  const ticks = fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(ticks, (steps) => {
      const pacer = createPacketPacer(5);
      let now = 1000;
      let sent = pacer.due(now);
      for (const step of steps) {
        now += step;
        sent += pacer.due(now);
      }
      assert.equal(sent, Math.floor((now - 1000) / 5) + 1);
    }),
  );
});

test('after a long stall only 200 ms are sent at once', () => {
  const pacer = createPacketPacer(5);
  pacer.due(0);
  assert.equal(pacer.due(10_000), 41);
});

test('a clock that is set back does not hold the stream', () => {
  const pacer = createPacketPacer(5);
  pacer.due(100_000);
  assert.equal(pacer.due(0), 0);
  assert.equal(pacer.due(5), 1);
  assert.equal(pacer.due(10), 1);
});

test('after a pause the stream goes on with one packet', () => {
  const pacer = createPacketPacer(5);
  pacer.due(0);
  pacer.pause();
  assert.equal(pacer.due(100), 1);
  assert.equal(pacer.due(105), 1);
});

test('what goes into the queue comes out in order, the end filled with zeros', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 20 }), fc.integer({ min: 1, max: 30 }), (lengths, count) => {
      const queue = createSampleQueue();
      let next = 1;
      for (const length of lengths) queue.push(Float32Array.from({ length }, () => next++));
      const out: number[] = [];
      while (queue.length() > 0) out.push(...queue.take(count));
      const total = next - 1;
      const padded = Math.ceil(total / count) * count;
      assert.deepEqual(
        out,
        Array.from({ length: padded }, (_, index) => (index < total ? index + 1 : 0)),
      );
    }),
  );
});
