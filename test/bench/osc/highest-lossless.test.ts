import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highestLossless } from './highest-lossless.ts';

/** A way that loses what is above its limit, and now and then something although it could. */
function way(limit: number, stalls: readonly number[] = []) {
  const offered: number[] = [];
  const offer = async (rate: number) => {
    offered.push(rate);
    const isLost = rate > limit || stalls.includes(offered.length);
    return { offered: rate, arrived: isLost ? rate - 1 : rate, perSecond: rate };
  };
  return { offered, offer };
}

test('the fastest rate that loses nothing, and what is above it is tried three times', async () => {
  const { offered, offer } = way(200);
  assert.deepEqual(await highestLossless([100, 200, 300, 400], offer), { offered: 200, arrived: 200, perSecond: 200 });
  assert.deepEqual(offered, [100, 200, 300, 300, 300]);
});

test('a stall in between is forgiven twice', async () => {
  const { offered, offer } = way(200, [2, 3]);
  assert.equal((await highestLossless([100, 200], offer))?.perSecond, 200);
  assert.deepEqual(offered, [100, 200, 200, 200]);
});

test('nothing where even the least rate loses some', async () => {
  assert.equal(await highestLossless([100], way(50).offer), undefined);
});
