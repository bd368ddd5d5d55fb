import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Liveness } from './source-liveness.ts';
import { createSourceWatch } from './source-watch.ts';

const frame = (text: string) => ({ image: Buffer.from(text), capturedAt: 0 });

function watchAt(start = 0) {
  const time = { now: start };
  const changes: Liveness[] = [];
  const watch = createSourceWatch(
    () => time.now,
    { frameTimeoutMs: 5000, frozenAfterMs: 10_000 },
    (liveness) => changes.push(liveness),
  );
  const at = (now: number): void => {
    time.now = now;
    watch.tick();
  };
  /** The same picture every second. */
  const freeze = (from: number, to: number): void => {
    for (time.now = from; time.now <= to; time.now += 1000) watch.noteFrame(frame('still'));
  };
  return { time, changes, watch, at, freeze };
}

test('each change is told once, and frames that come again at once', () => {
  const { changes, watch, at, time } = watchAt();
  for (const now of [1000, 5000, 6000, 60_000]) at(now);
  time.now = 61_000;
  watch.noteFrame(frame('a'));
  at(62_000);
  assert.deepEqual(changes, [{ state: 'lost', silentMs: 5000 }, { state: 'live' }]);
});

test('a frozen picture is told once, and its end', () => {
  const { changes, watch, freeze } = watchAt();
  freeze(0, 15_000);
  watch.noteFrame(frame('another'));
  assert.deepEqual(changes, [{ state: 'live' }, { state: 'frozen', sameMs: 10_000 }, { state: 'live' }]);
});

test('any new frame proves a live source', async () => {
  const { watch } = watchAt();
  watch.noteFrame(frame('a'));
  const proof = watch.nextProof(new AbortController().signal);
  watch.noteFrame(frame('a'));
  await proof;
});

test('a frozen source is proved by another picture only', async () => {
  const { watch, freeze } = watchAt();
  freeze(0, 15_000);
  let isProved = false;
  const proof = watch.nextProof(new AbortController().signal).then(() => {
    isProved = true;
  });
  watch.noteFrame(frame('still'));
  await new Promise(setImmediate);
  assert.equal(isProved, false);
  watch.noteFrame(frame('another'));
  await proof;
});

test('waiting for a proof ends with the signal', async () => {
  const { watch } = watchAt();
  const stop = new AbortController();
  const proof = watch.nextProof(stop.signal);
  stop.abort(new Error('too late'));
  await assert.rejects(proof, { message: 'too late' });
});
