import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BANDS, createBandPowers } from './band-powers.ts';

const sine = (hz: number, rate: number) =>
  Float32Array.from({ length: rate }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hz * index) / rate));

for (const rate of [8000, 16_000, 22_050, 24_000, 48_000, 192_000])
  test(`at ${rate} Hz a tone of 1 kHz is loudest in its own band, and every band stays finite`, () => {
    const powers = createBandPowers(rate)(sine(1000, rate));
    assert.ok(Math.abs(powers.length - 1000 / 16) < 2, `${powers.length} steps`);
    assert.ok(powers.flatMap((bands) => [...bands]).every((power) => Number.isFinite(power) && power >= 0));
    const last = powers.at(-1) ?? new Float64Array(BANDS);
    assert.equal(last.indexOf(Math.max(...last)), 3);
  });

test('a band above half of the rate is silent', () => {
  const powers = createBandPowers(8000)(sine(3900, 8000));
  assert.deepEqual([...new Set(powers.map((bands) => bands[BANDS - 1]))], [0]);
});
