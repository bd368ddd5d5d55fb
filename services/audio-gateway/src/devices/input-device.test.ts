import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import type { AudioSource } from './audio-source.ts';
import { createInputDevice } from './input-device.ts';

/** `audio.frames_timeout_ms` is 500 by default, the grace of an opening 3500. */
function setUp() {
  const clock = createFakeClock();
  const context = createFakeContext('audio-gateway', { clock });
  const told: string[] = [];
  const streak: string[] = [];
  const last = new Map<string, number>();
  const source = (id: string): AudioSource => ({
    id,
    start: () => void told.push(`start ${id}`),
    stop: () => void told.push(`stop ${id}`),
    health: () => ({ lastFrameAt: last.get(id), zeroSince: undefined, lostPackets: 0 }),
    test: async () => ({ ok: true, detail: '' }),
    close: () => {},
  });
  const input = createInputDevice(context, {
    onSamples: () => {},
    streaks: { failed: (id) => void streak.push(`failed ${id}`), worked: (id) => void streak.push(`worked ${id}`) },
    onInterrupted: () => void told.push('interrupted'),
    onLevel: ({ level, by }) => void told.push(`${level} ${by}`),
  });
  const reopen = () => {
    last.clear();
    input.replaceSources([source('headset'), source('desk')]);
  };
  reopen();
  const frame = (id: string) => void last.set(id, clock.now());
  const look = async (afterMs: number) => {
    told.length = 0;
    await clock.advance(afterMs);
    input.look();
    return [...told];
  };
  const reported = () => context.errors.map(({ code, subject }) => `${code} ${subject}`);
  return { clock, context, input, told, streak, frame, look, reported, reopen };
}

test('from the first frame to the loss and back', async () => {
  const { frame, look, reported, told, streak } = setUp();
  assert.deepEqual(told, ['interrupted', 'start headset', 'off waiting:headset']);
  assert.deepEqual(await look(2000), []);
  frame('headset');
  assert.deepEqual(await look(0), ['full device:headset']);
  assert.deepEqual(await look(500), []);
  await look(4000);
  assert.deepEqual(await look(50), ['interrupted', 'off no_frames:headset']);
  await look(50);
  assert.deepEqual(reported(), ['AUDIO_DEVICE_LOST headset']);
  frame('headset');
  assert.deepEqual(await look(0), ['full device:headset']);
  assert.deepEqual(streak, ['worked headset', 'failed headset', 'worked headset']);
});

test('the server that has the device is asked before a loss is told: whose it is, and only once', async () => {
  const { clock, context, input, look, reported } = setUp();
  let outage: string | undefined;
  let asked = 0;
  const source: AudioSource = {
    id: 'headset',
    start: () => {},
    stop: () => {},
    health: () => ({ lastFrameAt: undefined, zeroSince: undefined, lostPackets: 0, ...(outage ? { outage } : {}) }),
    async askServer() {
      asked += 1;
      await clock.sleep(2000);
      outage = 'it hangs; restart it';
    },
    test: async () => ({ ok: true, detail: '' }),
    close: () => {},
  };
  input.replaceSources([source]);
  await look(3501);
  assert.deepEqual(await look(50), ['interrupted', 'off no_frames:headset']);
  await look(1950);
  assert.deepEqual([asked, reported()], [1, []]);
  await look(50);
  await look(50);
  assert.deepEqual([asked, reported()], [1, ['AUDIO_SERVER_LOST pulse:input']]);
  assert.equal(context.errors[0]?.message, 'it hangs; restart it');
  outage = undefined;
  await look(3500);
  await look(50);
  assert.deepEqual(reported(), ['AUDIO_SERVER_LOST pulse:input', 'AUDIO_DEVICE_LOST headset']);
});

test('one look that comes late with its packets is no loss', async () => {
  const { frame, look, reported } = setUp();
  frame('headset');
  await look(0);
  await look(5000);
  frame('headset');
  assert.deepEqual(await look(50), []);
  assert.deepEqual(reported(), []);
});

test('an input that never delivers is lost after its grace', async () => {
  const { look, reported } = setUp();
  await look(3501);
  assert.deepEqual(await look(50), ['interrupted', 'off no_frames:headset']);
  assert.deepEqual(reported(), ['AUDIO_DEVICE_LOST headset']);
});

test('ROOT CAUSE: sources that a reload opens anew have the grace of a start, one that delivers already has none', async () => {
  const { input, frame, look, reported, reopen } = setUp();
  frame('headset');
  await look(0);
  reopen();
  await look(3400);
  await look(100);
  assert.deepEqual(reported(), []);
  frame('desk');
  input.select('desk');
  await look(550);
  assert.deepEqual(await look(50), ['interrupted', 'off no_frames:desk']);
  assert.deepEqual(reported(), ['AUDIO_DEVICE_LOST desk']);
});

test('another one than the preferred serves degraded, and what was begun on the left one is over', async () => {
  const { input, told, frame } = setUp();
  frame('headset');
  frame('desk');
  told.length = 0;
  input.select('desk');
  assert.deepEqual(told, ['stop headset', 'interrupted', 'start desk', 'off waiting:desk', 'degraded device:desk']);
  told.length = 0;
  input.select('unknown');
  assert.deepEqual(told, ['stop desk', 'interrupted', 'off no_device']);
  // Whoever looks after the devices must not take none for one that works.
  assert.equal(input.condition(), 'lost');
});
