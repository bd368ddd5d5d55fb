import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import type { LookResult } from '../child/looker.ts';
import { createFrameSlot } from './frame-slot.ts';
import { runLookLoop } from './look-loop.ts';

const frame = (text: string) => ({ image: Buffer.from(text), capturedAt: 0, receivedAt: 0 });
const lookCloser = async (): Promise<void> => {};
const seen: LookResult = { type: 'seen', id: 1, rssBytes: 1, statistics: { brightness: 0.5 } };

test('frames are looked at no faster than allowed, the latest each time, until the end', async () => {
  const clock = createFakeClock(0);
  const slot = createFrameSlot();
  const stop = new AbortController();
  const looks: string[] = [];
  let maxFps = 2;
  const running = runLookLoop(
    {
      slot,
      clock,
      maxFps: () => maxFps,
      look: async () => seen,
      lookCloser,
      onLook: ({ image }, result) => looks.push(`${image} ${result.type} ${clock.now()}`),
    },
    stop.signal,
  );
  for (let at = 0; at < 10; at += 1) {
    slot.put(frame(`frame ${at}`));
    await clock.advance(200);
  }
  maxFps = 0.5;
  for (let at = 10; at < 30; at += 1) {
    slot.put(frame(`frame ${at}`));
    await clock.advance(200);
  }
  stop.abort();
  await running;
  assert.deepEqual(looks, [
    'frame 0 seen 0',
    'frame 2 seen 500',
    'frame 4 seen 1000',
    'frame 7 seen 1500',
    'frame 9 seen 2000',
    'frame 12 seen 2500',
    'frame 22 seen 4500',
  ]);
});

test('the time of a look counts as part of the pause', async () => {
  const clock = createFakeClock(0);
  const slot = createFrameSlot();
  const stop = new AbortController();
  const looks: number[] = [];
  const look = async (): Promise<LookResult> => {
    looks.push(clock.now());
    await clock.sleep(300);
    return seen;
  };
  const running = runLookLoop(
    { slot, clock, maxFps: () => 1, look, onLook: () => slot.put(frame('b')), lookCloser },
    stop.signal,
  );
  slot.put(frame('a'));
  await clock.advance(2500);
  stop.abort();
  await running;
  assert.deepEqual(looks, [0, 1000, 2000]);
});

test('an error of its own code is not swallowed', async () => {
  const slot = createFrameSlot();
  slot.put(frame('a'));
  const look = async (): Promise<LookResult> => {
    throw new Error('broken');
  };
  const loop = { slot, clock: createFakeClock(0), maxFps: () => 1, look, onLook: () => {}, lookCloser };
  await assert.rejects(runLookLoop(loop, new AbortController().signal), { message: 'broken' });
});

test('the models see what was a picture, and the next look waits for them', async () => {
  const clock = createFakeClock(0);
  const slot = createFrameSlot();
  const stop = new AbortController();
  const told: string[] = [];
  const results: LookResult[] = [{ type: 'bad_frame', id: 1, rssBytes: 1, reason: 'none' }, seen, seen];
  const loop = {
    slot,
    clock,
    maxFps: () => 10,
    look: async () => results.shift() ?? seen,
    onLook: () => told.push(`look ${clock.now()}`),
    lookCloser: async () => {
      told.push(`closer ${clock.now()}`);
      await clock.sleep(500);
    },
  };
  const running = runLookLoop(loop, stop.signal);
  for (let at = 0; at < 9; at += 1) {
    slot.put(frame('a'));
    await clock.advance(100);
  }
  stop.abort();
  await clock.advance(500);
  await running;
  assert.deepEqual(told, ['look 0', 'look 100', 'closer 100', 'look 600', 'closer 600']);
});
