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
    looks.map(({ beats, now }) => detector.look(beats, now)),
    [0, 100, 210, 0, 100],
  );
});

test('nothing counts before the first beat', () => {
  const detector = createStallDetector(POLL_MS);
  assert.deepEqual(
    [1000, 5000, 9000].map((now) => detector.look(0, now)),
    [0, 0, 0],
  );
});

test('an hour in which the looker slept too counts as two looks', () => {
  const detector = createStallDetector(POLL_MS);
  detector.look(1, 1000);
  assert.equal(detector.look(1, 3_601_000), 200);
});

test('no gap, however long or often, counts for more than the looks allow, and a beat always clears it', () => {
  const gaps = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 50 });
  fc.assert(
    fc.property(gaps, (stalls) => {
      const detector = createStallDetector(POLL_MS);
      let now = 0;
      detector.look(1, now);
      for (const [index, gap] of stalls.entries()) {
        now += gap;
        const stalledMs = detector.look(1, now);
        assert.ok(stalledMs >= 0 && stalledMs <= (index + 1) * 2 * POLL_MS);
      }
      assert.equal(detector.look(2, now + 1), 0);
    }),
  );
});
