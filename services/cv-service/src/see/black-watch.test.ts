import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { createBlackWatch } from './black-watch.ts';

function setUp() {
  const clock = createFakeClock(0);
  const told: (number | undefined)[] = [];
  const watch = createBlackWatch(clock.now, { blackBelow: 0.03, blackAfterMs: 10_000 }, (blackMs) =>
    told.push(blackMs),
  );
  const look = async (brightness: number, afterMs = 1000): Promise<void> => {
    await clock.advance(afterMs);
    watch.noteLook(brightness);
  };
  return { watch, told, look };
}

test('only black for long enough is told, once, and so is its end', async () => {
  const { watch, told, look } = setUp();
  for (let second = 0; second < 14; second += 1) await look(0.02);
  assert.deepEqual([told, watch.isBlack()], [[10_000], true]);
  await look(0.03);
  assert.deepEqual([told, watch.isBlack()], [[10_000, undefined], false]);
});

test('one picture that is not black begins the time anew', async () => {
  const { told, look } = setUp();
  for (const brightness of [0, 0.5, 0, 0.5, 0]) await look(brightness, 9000);
  assert.deepEqual(told, []);
});

test('the time without any picture is not black: what began before a loss begins anew, what was told stays', async () => {
  const { watch, told, look } = setUp();
  await look(0);
  watch.noteLoss();
  await look(0, 60_000);
  assert.equal(watch.isBlack(), false);
  await look(0, 10_000);
  watch.noteLoss();
  await look(0, 60_000);
  assert.deepEqual([told, watch.isBlack()], [[10_000], true]);
});

test('the proof is a picture that comes afterwards and is not black', async () => {
  const { watch, look } = setUp();
  await look(0.5);
  const visible = watch.nextVisible(AbortSignal.timeout(60_000));
  let isProved = false;
  void visible.then(() => {
    isProved = true;
  });
  await look(0.01);
  assert.equal(isProved, false);
  await look(0.2);
  await visible;
  await assert.rejects(watch.nextVisible(AbortSignal.abort(new Error('enough'))), { message: 'enough' });
});
