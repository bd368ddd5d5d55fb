import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinSamples } from './join-samples.ts';
import { loudnessDb } from './loudness.ts';
import { createResampler } from './resampler.ts';

const RATES = [6000, 8000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000, 192_000];

const tone = (hz: number, rate: number, length = rate / 2): Float32Array =>
  Float32Array.from({ length }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hz * index) / rate));

/** How much a steady tone gains, away from both ends. */
function gainDb(hz: number, from: number, to: number): number {
  const input = tone(hz, from);
  const output = createResampler(from, to).push(input);
  return loudnessDb(output.subarray(1000, -1000)) - loudnessDb(input);
}

test('speech passes unchanged', () => {
  for (const [from, to] of [
    [48_000, 16_000],
    [44_100, 16_000],
    [96_000, 16_000],
    [24_000, 48_000],
  ] as const) {
    for (const hz of [300, 1000, 3400, 5900]) {
      const gain = gainDb(hz, from, to);
      assert.ok(Math.abs(gain) < 0.25, `${hz} Hz from ${from} to ${to}: ${gain} dB`);
    }
  }
});

test('what the slower rate cannot hold is damped instead of folded back', () => {
  for (const [hz, damping] of [
    [8500, 36],
    [10_000, 55],
    [15_000, 70],
  ] as const) {
    assert.ok(gainDb(hz, 48_000, 16_000) < -damping, `${hz} Hz: ${gainDb(hz, 48_000, 16_000)} dB`);
  }
});

test('the length follows the rates and a constant stays constant', () => {
  for (const from of RATES) {
    for (const to of [16_000, 48_000]) {
      const resampler = createResampler(from, to);
      const output = joinSamples([resampler.push(new Float32Array(from).fill(0.25)), resampler.flush()]);
      assert.ok(Math.abs(output.length - to) <= 2, `${from} to ${to}: ${output.length}`);
      const middle = output.subarray(500, -500);
      assert.ok(middle.every((sample) => Math.abs(sample - 0.25) < 1e-5));
    }
  }
});

test('how the stream is cut makes no difference', () => {
  const whole = createResampler(44_100, 16_000).push(tone(700, 44_100, 3000));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2999 }), { maxLength: 20 }), (places) => {
      const resampler = createResampler(44_100, 16_000);
      const cuts = [0, ...places.sort((a, b) => a - b), 3000];
      const input = tone(700, 44_100, 3000);
      const parts = cuts.slice(1).map((end, index) => resampler.push(input.subarray(cuts[index], end)));
      assert.deepEqual(joinSamples(parts), whole);
    }),
  );
});

test('equal rates pass through untouched', () => {
  const samples = tone(440, 16_000, 320);
  assert.equal(createResampler(16_000, 16_000).push(samples), samples);
});
