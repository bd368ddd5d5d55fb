import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitFor } from '@understudy/shared/testing';
import { LIMIT_MS, type Stack, startStack } from './stack.ts';
import { checkWholeStory } from './whole-story.ts';

/** Megabytes: far above what the service needs, so that only the fault goes beyond. */
const LIMIT_MB = 700;

let stack: Stack;
before(async () => {
  stack = await startStack({ resources: { memory_limit_mb: { 'llm-service': LIMIT_MB } } });
});
after(() => stack.stop());

test('memory runs out: caches, features, a restart at a safe moment, essential mode while it persists, then full again', async () => {
  const line = 'What is your favourite colour?';
  await stack.input(line);
  const firstPid = stack.pids()['llm-service'];
  await stack.inject('memory_exhaustion', { service: 'llm-service' });
  const { id } = await stack.waitForIncident('MEMORY_HIGH', ({ essential }) => essential, 'needs essential mode');
  const status = await stack.waitForMode('essential');
  assert.equal(status.limits[0], 'essential');
  assert.equal(status.words.streamer, 'Saving memory: only the essentials run. The bot still talks.');
  assert.notEqual(stack.pids()['llm-service'], firstPid, 'it was restarted');
  const reply = await stack.input('Do you still talk?');
  assert.equal(reply.mode, 'essential');
  assert.ok(reply.message.length > 0);

  // It takes the place of the first: that ends with it.
  await stack.inject('memory_exhaustion', { service: 'llm-service', durationMs: 1 });
  await stack.waitForCalm();
  const incident = await checkWholeStory(stack, id, {
    code: 'MEMORY_HIGH',
    service: 'llm-service',
    attempts: /^shed:caches shed:features shed:recycle shed:look( restore)+$/,
    commands: { 'shed:caches': ['shed'], 'shed:features': ['shed'], 'shed:recycle': ['recycle'], restore: ['restore'] },
    foundBySupervisor: true,
  });
  assert.equal(incident.probe, 'memory');
  assert.equal((await stack.input('All well?')).mode, 'full');
  await waitFor(
    async () => (await stack.metric('llm-service', 'memory_usage_bytes')) < LIMIT_MB * 0.8 * 1024 * 1024,
    'memory below its threshold',
    LIMIT_MS,
  );
});
