import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitFor } from '@understudy/shared/testing';
import { LIMIT_MS, type Stack, startStack } from './stack.ts';
import { checkWholeStory } from './whole-story.ts';

/** Long enough for the budget of restarts, the time off and the first trial in vain together, on a busy machine too. */
const CRASHES_FOR_MS = 20_000;

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
  // It is lifted for each trial.
  const status = await waitFor(
    async () => {
      const now = await stack.status();
      return now.capabilities.see.ceiling.by === 'feature_off' ? now : undefined;
    },
    'it to be switched off',
    LIMIT_MS,
  );
  assert.deepEqual([status.mode, status.limits], ['no_vision', ['no_vision']]);
  assert.equal(status.capabilities.see.ceiling.level, 'off');
  assert.equal(status.words.streamer, 'The bot cannot see the scene. Everything else works.');
  const reply = await stack.input('What do you see?');
  assert.deepEqual({ mode: reply.mode, source: reply.source }, { mode: 'no_vision', source: 'provider' });

  await stack.waitForIncident(
    'CV_CHILD_CRASHED',
    ({ attempts }) => attempts.some(({ label, outcome }) => label === 'retry:1' && outcome !== undefined),
    'was tried again in vain',
  );
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
