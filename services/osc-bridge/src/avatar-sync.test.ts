import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { createAvatarSync } from './avatar-sync.ts';
import { AVATAR_PAUSE_MS } from './link/link.ts';
import { bool } from './osc/osc-message.ts';
import type { OscQueryAnswer } from './osc-query/osc-query.ts';
import { createAvatarParameters, type ParameterFact } from './parameters/avatar-parameters.ts';

const HAT: ReadonlyMap<string, ParameterFact> = new Map([['Hat', { kind: 'bool', writable: true, value: false }]]);

function arrange(answer: OscQueryAnswer, files: Readonly<Record<string, typeof HAT>> = {}) {
  const clock = createFakeClock();
  const parameters = createAvatarParameters();
  const ready: unknown[] = [];
  let asks = 0;
  const sync = createAvatarSync({
    clock,
    parameters,
    oscQuery: {
      ask: async () => {
        asks += 1;
        return answer;
      },
      distrust: () => {},
      advertisedPort: () => undefined,
    },
    readAvatarFile: async (avatarId) => files[avatarId],
    signal: new AbortController().signal,
    onReady: (facts) => ready.push(facts),
  });
  return { clock, parameters, sync, ready, asks: () => asks };
}

test('nothing goes out while an avatar loads; then its parameters are known', async () => {
  const { clock, parameters, sync, ready } = arrange({ peer: 'runs', parameters: HAT });
  parameters.heard('OldParameter', bool(true));
  assert.equal(sync.isPaused(), false);
  void sync.begin();
  await clock.advance(AVATAR_PAUSE_MS - 1);
  assert.deepEqual({ paused: sync.isPaused(), ready }, { paused: true, ready: [] });
  await clock.advance(1);
  assert.deepEqual(
    { paused: sync.isPaused(), ready, old: parameters.lookUp('OldParameter') },
    { paused: false, ready: [HAT], old: 'missing' },
  );
});

test('without OSCQuery the avatar is ready all the same', async () => {
  const { clock, sync, ready } = arrange({ peer: 'unknown' });
  void sync.begin();
  await clock.advance(AVATAR_PAUSE_MS);
  assert.deepEqual({ paused: sync.isPaused(), ready }, { paused: false, ready: [undefined] });
});

test('a second change within the pause begins it anew', async () => {
  const { clock, sync, ready, asks } = arrange({ peer: 'unknown' });
  void sync.begin();
  await clock.advance(AVATAR_PAUSE_MS - 1);
  void sync.begin();
  await clock.advance(AVATAR_PAUSE_MS - 1);
  assert.deepEqual({ paused: sync.isPaused(), ready }, { paused: true, ready: [] });
  await clock.advance(1);
  assert.deepEqual({ paused: sync.isPaused(), ready, asks: asks() }, { paused: false, ready: [undefined], asks: 1 });
});

test("without OSCQuery the avatar's file tells; of an avatar that is not named again the last one's", async () => {
  const { clock, parameters, sync, ready } = arrange({ peer: 'unknown' }, { avtr_hat: HAT });
  for (const avatarId of ['avtr_hat', undefined, 'avtr_other']) {
    void sync.begin(avatarId);
    await clock.advance(AVATAR_PAUSE_MS);
  }
  assert.deepEqual({ ready, hat: parameters.lookUp('Hat') }, { ready: [HAT, HAT, undefined], hat: 'unknown' });
});

test('a thousand changes are one pause and one question', async () => {
  const { clock, sync, ready, asks } = arrange({ peer: 'unknown' });
  for (let change = 0; change < 1000; change += 1) void sync.begin(`avtr_${change}`);
  assert.equal(clock.sleepers(), 1);
  await clock.advance(AVATAR_PAUSE_MS);
  assert.deepEqual({ ready, asks: asks(), paused: sync.isPaused() }, { ready: [undefined], asks: 1, paused: false });
});

test('an avatar that was put on while learning took longer than its pause is learned at once', async () => {
  const clock = createFakeClock();
  const rests: number[] = [];
  const answers: (() => void)[] = [];
  const ready: unknown[] = [];
  const sync = createAvatarSync({
    clock: {
      ...clock,
      sleep(ms, signal) {
        rests.push(ms);
        return clock.sleep(ms, signal);
      },
    },
    parameters: createAvatarParameters(),
    oscQuery: {
      ask: () =>
        new Promise((resolve) => {
          answers.push(() => resolve({ peer: 'unknown' }));
        }),
      distrust: () => {},
      advertisedPort: () => undefined,
    },
    readAvatarFile: async () => undefined,
    signal: new AbortController().signal,
    onReady: (facts) => ready.push(facts),
  });
  void sync.begin('avtr_1');
  await clock.advance(AVATAR_PAUSE_MS);
  void sync.begin('avtr_2');
  await clock.advance(AVATAR_PAUSE_MS + 25);
  answers.shift()?.();
  await clock.advance(1);
  answers.shift()?.();
  await clock.advance(1);
  assert.deepEqual(
    { rests, ready, paused: sync.isPaused() },
    { rests: [AVATAR_PAUSE_MS, 0], ready: [undefined], paused: false },
  );
});
