import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { createModeration } from './moderation.ts';
import { createStrikes } from './strikes.ts';

it('asks a service that is away again after a while, and reports one outage once', async () => {
  const clock = createFakeClock();
  const context = createFakeContext('llm-service', { clock });
  let isAway = true;
  let asked = 0;
  const createService = () => async () => {
    asked += 1;
    if (isAway) throw new Error('answered 500');
    return 'fine' as const;
  };
  let present = createService();
  const service = () => present;
  const strikes = createStrikes(clock.now, () => context.config().llm.moderation);
  const moderation = createModeration(context, { service, strikes, onOut: () => assert.fail('nobody is shut out') });
  const check = () => moderation.check('Hello there.', 'p');
  const told = () => context.errors.map(({ code }) => code);

  await check();
  await check();
  assert.deepEqual([asked, told()], [1, ['MODERATION_UNAVAILABLE']]);
  await clock.advance(10_000);
  await check();
  assert.deepEqual([asked, told().length], [2, 1]);
  isAway = false;
  await clock.advance(10_000);
  await check();
  await check();
  assert.deepEqual([asked, told().length], [4, 1]);
  isAway = true;
  await check();
  assert.deepEqual(told(), ['MODERATION_UNAVAILABLE', 'MODERATION_UNAVAILABLE']);
  // A reload names another one: that one is asked at once, and its outage is another.
  present = createService();
  await check();
  assert.deepEqual([asked, told().length], [6, 3]);
  assert.equal(
    context.errors.at(-1)?.message,
    'The moderation service answered 500; the words alone are looked for. Check llm.moderation.endpoint.',
  );
});

it('forgets strikes with the window, and lets a provider in again a window after the last', () => {
  let now = 0;
  const strikes = createStrikes(
    () => now,
    () => ({ strikes: 2, strike_window_ms: 1000 }),
  );
  assert.equal(strikes.strike('p'), false);
  now = 1000;
  assert.equal(strikes.strike('p'), false);
  now = 1500;
  assert.deepEqual([strikes.strike('p'), strikes.isOut('p'), strikes.isOut('q')], [true, true, false]);
  now = 2500;
  assert.equal(strikes.isOut('p'), false);
});
