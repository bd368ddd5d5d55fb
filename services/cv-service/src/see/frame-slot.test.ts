import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFrameSlot } from './frame-slot.ts';

const frame = (text: string) => ({ image: Buffer.from(text), capturedAt: 1, receivedAt: 1 });
const never = new AbortController().signal;

test('only the latest frame is kept', async () => {
  const slot = createFrameSlot();
  const replaced = ['one', 'two', 'three'].map((text) => slot.put(frame(text)));
  assert.deepEqual(
    { replaced, taken: await slot.take(never) },
    { replaced: [false, true, true], taken: frame('three') },
  );
});

test('who takes waits for a frame, and it is taken once', async () => {
  const slot = createFrameSlot();
  const taking = slot.take(never);
  slot.put(frame('one'));
  assert.deepEqual(await taking, frame('one'));
  assert.equal(slot.put(frame('two')), false);
});

test('waiting ends with the signal', async () => {
  const slot = createFrameSlot();
  const stop = new AbortController();
  const taking = slot.take(stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(taking, { message: 'enough' });
  await assert.rejects(slot.take(stop.signal), { message: 'enough' });
});

test('clearing says how many bytes were given back', () => {
  const slot = createFrameSlot();
  slot.put(frame('1234'));
  assert.deepEqual([slot.clear(), slot.clear()], [4, 0]);
});
