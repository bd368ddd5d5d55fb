import assert from 'node:assert/strict';
import { it } from 'node:test';
import { median, quantile } from './quantile.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

it('takes the nearest rank of what was measured, in any order', () => {
  assert.deepEqual(
    [quantile(hundred, 0.5), quantile(hundred, 0.99), quantile(hundred, 1), median([3, 1, 2]), median([4])],
    [50, 99, 100, 2, 4],
  );
});

it('refuses to judge nothing', () => {
  assert.throws(() => median([]), /no samples/);
});
