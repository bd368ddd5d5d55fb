import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Stack, startStack } from './stack.ts';
import { checkWholeStory } from './whole-story.ts';

/** Longer than the budget of restarts, the time off and the first trial in vain together. */
const CRASHES_FOR_MS = 4000;

let stack: Stack;
before(async () => {
  stack = await startStack();
});
after(() => stack.stop());

test('the vision process crashes: restart budget, off for a while, tried again', async () => {
  await stack.inject('cv_crash', { durationMs: CRASHES_FOR_MS });
  const { id } = await stack.waitForIncident(
    'CV_CHILD_CRASHED',
    ({ state }) => state === 'degraded',
    'is switched off',
  );
  const status = await stack.waitForMode('no_vision');
  assert.deepEqual(status.limits, ['no_vision']);
  assert.deepEqual(status.capabilities.see.ceiling, { level: 'off', by: 'feature_off' });
  assert.equal(status.words.streamer, 'The bot cannot see the scene. Everything else works.');
  const reply = await stack.input('What do you see?');
  assert.deepEqual({ mode: reply.mode, source: reply.source }, { mode: 'no_vision', source: 'provider' });

  await stack.waitForCalm();
  const incident = await checkWholeStory(stack, id, {
    code: 'CV_CHILD_CRASHED',
    service: 'cv-service',
    attempts: /^restart:1 restart:2 restart:3 retry:1( retry:\d+)*$/,
    commands: { restart: ['restart-child'], retry: ['set-ceiling', 'restart-child'] },
  });
  assert.equal(incident.severity, 'WARNING');
  assert.deepEqual((await stack.status()).capabilities.see, {
    observed: { level: 'full', by: 'child' },
    ceiling: { level: 'full', by: 'unrestricted' },
  });
  assert.ok((await stack.metric('cv-service', 'understudy_vision_child_restarts_total')) >= 4);
  assert.equal((await stack.input('And now?')).mode, 'full');
});
