import assert from 'node:assert/strict';
import { it } from 'node:test';
import { answerWithin } from './answer-within.ts';

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

it('hands on the answer or the refusal, and leaves no timer behind', async () => {
  const before = timers();
  assert.equal(await answerWithin(Promise.resolve('yes'), 60_000, 'the bucket'), 'yes');
  await assert.rejects(answerWithin(Promise.reject(new Error('no')), 60_000, 'the bucket'), /^Error: no$/);
  assert.equal(timers(), before);
});

it('says who did not answer', async () => {
  await assert.rejects(answerWithin(new Promise(() => {}), 1, 'the bucket'), {
    message: 'the bucket did not answer within 1 ms',
  });
});
