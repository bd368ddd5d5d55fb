import assert from 'node:assert/strict';
import { it } from 'node:test';
import { measureInterleaved } from './measure-interleaved.ts';

it('takes turns, and throws the warm-up away', async () => {
  const order: string[] = [];
  let cost = 0;
  const sample = (name: string) => () => {
    order.push(name);
    cost += 1;
    return cost;
  };
  const samples = await measureInterleaved({ rounds: 2, warmUp: 1 }, { ours: sample('ours'), bare: sample('bare') });
  assert.deepEqual(samples, { ours: [3, 5], bare: [4, 6] });
  assert.deepEqual(order, ['ours', 'bare', 'ours', 'bare', 'ours', 'bare']);
});
