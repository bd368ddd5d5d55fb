import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { AVATAR_PAUSE_MS } from '../link/link.ts';
import { bool } from '../osc/osc-message.ts';
import type { OscQueryAnswer } from '../osc-query/osc-query.ts';
import { createAvatarParameters, type ParameterFact } from './avatar-parameters.ts';
import { createAvatarSync } from './avatar-sync.ts';

const HAT: ReadonlyMap<string, ParameterFact> = new Map([['Hat', { kind: 'bool', writable: true, value: false }]]);

function arrange(answer: OscQueryAnswer) {
  const clock = createFakeClock();
  const parameters = createAvatarParameters();
  const ready: unknown[] = [];
  let asks = 0;
  const sync = createAvatarSync({
    clock,
    parameters,
    oscQuery: {
      isConfigured: () => true,
      ask: async () => {
        asks += 1;
        return answer;
      },
      distrust: () => {},
    },
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
