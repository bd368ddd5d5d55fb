import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStallDetector } from './stall-detector.ts';

const POLL_MS = 100;

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
    looks.map((look) => detector.look({ ...look, waitedMs: 7 })),
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
    looks.map((look) => detector.look(look)),
    [0, 10, 110, 0, 100],
  );
});

test('nothing counts before the first beat', () => {
  const detector = createStallDetector(POLL_MS);
  assert.deepEqual(
    [1000, 5000, 9000].map((now) => detector.look({ beats: 0, now, waitedMs: 0 })),
    [0, 0, 0],
  );
});

test('an hour in which the looker slept too counts as two looks', () => {
  const detector = createStallDetector(POLL_MS);
  detector.look({ beats: 1, now: 1000, waitedMs: 0 });
  assert.equal(detector.look({ beats: 1, now: 3_601_000, waitedMs: 0 }), 200);
});

test('no gap, however long or often, counts for more than the looks allow, and a beat always clears it', () => {
  const ms = fc.double({ min: 0, max: 1e9, noNaN: true });
  const gaps = fc.array(fc.record({ gap: ms, waited: ms }), { maxLength: 50 });
  fc.assert(
    fc.property(gaps, (stalls) => {
      const detector = createStallDetector(POLL_MS);
      let now = 0;
      let waitedMs = 0;
      detector.look({ beats: 1, now, waitedMs });
      for (const [index, { gap, waited }] of stalls.entries()) {
        now += gap;
        waitedMs += waited;
        const stalledMs = detector.look({ beats: 1, now, waitedMs });
        assert.ok(stalledMs >= 0 && stalledMs <= (index + 1) * 2 * POLL_MS);
      }
      assert.equal(detector.look({ beats: 2, now: now + 1, waitedMs }), 0);
    }),
  );
});
