import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStallDetector } from './stall-detector.ts';

const POLL_MS = 100;
/** Asleep, as in a call that does not return. */
const waited = (waitedMs: number) => ({ ranMs: 0, waitedMs, isRunnable: false });

test('each look without a beat adds its gap, a beat starts anew', () => {
  const detector = createStallDetector(POLL_MS);
  const looks = [
    { beats: 1, now: 1000 },
    { beats: 1, now: 1100 },
    { beats: 1, now: 1210 },
    { beats: 2, now: 1310 },
    { beats: 2, now: 1410 },
  ];
  assert.deepEqual(
    looks.map((look) => detector.look({ ...look, processor: waited(7) })),
    [0, 100, 210, 0, 100],
  );
});

test('what the main thread waited for a processor does not count', () => {
  const detector = createStallDetector(POLL_MS);
  const looks = [
    { beats: 1, now: 1000, waitedMs: 50 },
    { beats: 1, now: 1100, waitedMs: 140 },
    { beats: 1, now: 1200, waitedMs: 140 },
    { beats: 1, now: 1300, waitedMs: 400 },
    { beats: 1, now: 1400, waitedMs: 400 },
  ];
  assert.deepEqual(
    looks.map(({ waitedMs, ...look }) => detector.look({ ...look, processor: waited(waitedMs) })),
    [0, 10, 110, 0, 100],
  );
});

test('of one that waits for a processor still, only what it ran counts', () => {
  const detector = createStallDetector(POLL_MS);
  const looks = [
    { beats: 1, now: 1000, ranMs: 10 },
    { beats: 1, now: 1100, ranMs: 10 },
    { beats: 1, now: 1200, ranMs: 15 },
    // Alone on its processor: stuck.
    { beats: 1, now: 1300, ranMs: 115 },
  ];
  assert.deepEqual(
    looks.map(({ ranMs, ...look }) => detector.look({ ...look, processor: { ranMs, waitedMs: 0, isRunnable: true } })),
    [0, 0, 5, 105],
  );
});

test('nothing counts before the first beat', () => {
  const detector = createStallDetector(POLL_MS);
  assert.deepEqual(
    [1000, 5000, 9000].map((now) => detector.look({ beats: 0, now, processor: undefined })),
    [0, 0, 0],
  );
});

test('an hour in which the looker slept too counts as two looks', () => {
  const detector = createStallDetector(POLL_MS);
  detector.look({ beats: 1, now: 1000, processor: undefined });
  assert.equal(detector.look({ beats: 1, now: 3_601_000, processor: undefined }), 200);
});

test('no gap, however long or often, counts for more than the looks allow, and a beat always clears it', () => {
  const ms = fc.double({ min: 0, max: 1e9, noNaN: true });
  const gaps = fc.array(fc.record({ gap: ms, ran: ms, waited: ms, isRunnable: fc.boolean() }), { maxLength: 50 });
  fc.assert(
    fc.property(gaps, (stalls) => {
      const detector = createStallDetector(POLL_MS);
      let now = 0;
      let processor = { ranMs: 0, waitedMs: 0, isRunnable: true };
      detector.look({ beats: 1, now, processor });
      for (const [index, { gap, ran, waited, isRunnable }] of stalls.entries()) {
        now += gap;
        processor = { ranMs: processor.ranMs + ran, waitedMs: processor.waitedMs + waited, isRunnable };
        const stalledMs = detector.look({ beats: 1, now, processor });
        assert.ok(stalledMs >= 0 && stalledMs <= (index + 1) * 2 * POLL_MS);
      }
      assert.equal(detector.look({ beats: 2, now: now + 1, processor }), 0);
    }),
  );
});
