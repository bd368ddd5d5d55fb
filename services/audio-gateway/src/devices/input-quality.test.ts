import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createClippingJudge } from './clipping-judge.ts';
import { createDriftJudge } from './drift-judge.ts';
import { createPlaybackMeter, isIncomplete } from './playback-meter.ts';

const RATE = 16_000;
const LIMITS = { share: 0.02, forMs: 3000, loudDb: -45 };

/** One second of a voice: a tone that swells; cut off at full scale when it is too loud. */
const voice = (amplitude: number): Float32Array =>
  Float32Array.from({ length: RATE }, (_, index) => {
    const swell = Math.abs(Math.sin((Math.PI * 3 * index) / RATE));
    return Math.max(-1, Math.min(1, amplitude * swell * Math.sin((2 * Math.PI * 220 * index) / RATE)));
  });

test('a voice that is cut off clips after three loud seconds, and is clean after three that are not', () => {
  const judge = createClippingJudge(() => LIMITS);
  const states: string[] = [];
  const speak = (amplitude: number, seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      judge.push(voice(amplitude));
      states.push(judge.verdict().state);
    }
  };
  speak(3, 4);
  speak(0.0001, 60);
  speak(0.3, 6);
  assert.deepEqual([states[0], states[3], states[63], states.at(-1)], ['unknown', 'clipping', 'clipping', 'clean']);
});

test('speech at its normal level never clips, however it is cut into pieces', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4000 }),
      fc.double({ min: 0.01, max: 0.9, noNaN: true }),
      (piece, amplitude) => {
        const judge = createClippingJudge(() => LIMITS);
        for (let second = 0; second < 4; second += 1) {
          const samples = voice(amplitude);
          for (let start = 0; start < RATE; start += piece) judge.push(samples.subarray(start, start + piece));
        }
        assert.notEqual(judge.verdict().state, 'clipping');
      },
    ),
    { numRuns: 30 },
  );
});

const DRIFT = { share: 0.01, forMs: 30_000 };
/** @param arrivals when each chunk of 20 ms is heard, as a function of when it was made; speed: of the device's clock */
function listen(seconds: number, speed: number, delayOf: (ms: number) => number) {
  const judge = createDriftJudge(() => DRIFT);
  const chunks = Array.from({ length: (seconds * 1000) / 20 }, (_, index) => (index * 20) / speed);
  let latest = 0;
  for (const made of chunks) {
    latest = Math.max(latest, made + delayOf(made));
    judge.push(320, 1_000_000 + latest);
  }
  return judge.verdict();
}

test('a clock that is off is found in both directions, with its ratio', () => {
  for (const ratio of [-0.08, -0.02, 0.02, 0.0884]) {
    const verdict = listen(40, 1 + ratio, () => 0);
    assert.equal(verdict.state, 'drifting');
    assert.ok(verdict.state === 'drifting' && Math.abs(verdict.ratio - ratio) < 0.004);
  }
});

test('nothing is said before the window is full', () => {
  assert.deepEqual(
    listen(20, 0.9, () => 0),
    { state: 'unknown' },
  );
});

test('jitter, and pauses that are made good in a burst, are no drift', () => {
  const delays = fc.record({
    jitter: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 50, maxLength: 50 }),
    stallAt: fc.integer({ min: 0, max: 30_000 }),
    stallMs: fc.integer({ min: 0, max: 2500 }),
  });
  fc.assert(
    fc.property(delays, ({ jitter, stallAt, stallMs }) => {
      const verdict = listen(40, 1, (made) => {
        const stalled = made >= stallAt && made < stallAt + stallMs ? stallAt + stallMs - made : 0;
        return Math.max(stalled, jitter[Math.floor(made / 20) % jitter.length] ?? 0);
      });
      assert.equal(verdict.state, 'steady');
    }),
    { numRuns: 100 },
  );
});

test('a playback that takes its time is whole; one that is cut or drawn out is not', () => {
  const play = (endMs: number, sentSeconds?: number) => {
    const meter = createPlaybackMeter();
    meter.handOver(2, 0);
    // The synthesis was late by three seconds: that is no fault of the output.
    meter.handOver(3, 5000);
    const played = meter.end(endMs, sentSeconds);
    return [played.givenMs, played.playedMs, isIncomplete(played)];
  };
  assert.deepEqual(play(8100), [5000, 5100, false]);
  assert.deepEqual(play(8500), [5000, 5500, false]);
  assert.deepEqual(play(9000), [5000, 6000, true]);
  assert.deepEqual(play(5400), [5000, 2400, true]);
  assert.deepEqual(play(8000, 3), [5000, 3000, true]);
});
