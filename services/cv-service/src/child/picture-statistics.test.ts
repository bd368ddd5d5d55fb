import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { frameDifference, histogramDistance, LOOK_PIXELS, meanBrightness, statisticsOf } from './picture-statistics.ts';

const plain = (value: number): Uint8Array => new Uint8Array(LOOK_PIXELS).fill(value);
const picture = fc.uint8Array({ minLength: LOOK_PIXELS, maxLength: LOOK_PIXELS });

test('black is 0, white is 1', () => {
  assert.deepEqual([plain(0), plain(255)].map(meanBrightness), [0, 1]);
});

test('the first picture is compared with nothing', () => {
  assert.deepEqual(statisticsOf(plain(51)), { brightness: 0.2 });
});

test('from black to white everything moves and the scene is new', () => {
  assert.deepEqual(statisticsOf(plain(255), plain(0)), { brightness: 1, motion: 1, sceneChange: 1 });
});

test('what only changes places is movement, but no new scene', () => {
  const left = plain(0).fill(255, 0, LOOK_PIXELS / 2);
  const right = plain(255).fill(0, 0, LOOK_PIXELS / 2);
  assert.deepEqual(statisticsOf(left, right), { brightness: 0.5, motion: 1, sceneChange: 0 });
});

test('all measures are between 0 and 1, symmetric, and 0 for the same picture', () => {
  fc.assert(
    fc.property(picture, picture, (a, b) => {
      for (const measure of [frameDifference, histogramDistance]) {
        const there = measure(a, b);
        assert.ok(there >= 0 && there <= 1);
        assert.ok(Math.abs(there - measure(b, a)) < 1e-9);
        assert.equal(measure(a, a), 0);
      }
    }),
    { numRuns: 50 },
  );
});
