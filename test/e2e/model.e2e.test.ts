import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { waitFor } from '@understudy/shared/testing';
import { LLM_DEADLINE_MS } from './e2e-config.ts';
import { LIMIT_MS, type Stack, startStack } from './stack.ts';
import { checkTurnTrace, checkWholeStory, TURN_SPANS } from './whole-story.ts';

const ASKED_BEFORE = 'What is the capital of France?';
/** And what the way there and back may take on a busy machine. */
const ANSWERED_WITHIN_MS = LLM_DEADLINE_MS + 8000;
const TIMED_OUT = {
  handled: true,
  recovery_successful: false,
  fallback_activated: true,
  user_message: 'My thoughts are slow right now; bear with me.',
  error_code: 'LLM_TIMEOUT',
};

describe('the model times out', () => {
  let stack: Stack;
  before(async () => {
    stack = await startStack();
  });
  after(() => stack.stop());

  const ask = async (text: string) => {
    const from = performance.now();
    const reply = await stack.input(text);
    return { ...reply, tookMs: performance.now() - from };
  };

  test('second provider, cache, pattern, each within the deadline; back to the first when it answers', async () => {
    const first = await ask(ASKED_BEFORE);
    assert.deepEqual(
      { source: first.source, fallback_used: first.fallback_used },
      { source: 'provider', fallback_used: false },
    );

    await stack.inject('llm_timeout', { target: 'primary' });
    const bySecond = await ask('Tell me about cats.');
    assert.deepEqual(
      { mode: bySecond.mode, source: bySecond.source, fallback_used: bySecond.fallback_used },
      { mode: 'full', source: 'provider', fallback_used: true },
    );
    assert.deepEqual(
      bySecond.errors?.map(({ error_id: _id, ...error }) => error),
      [TIMED_OUT],
    );
    const errorId = bySecond.errors?.[0]?.error_id ?? '';
    const { id } = await stack.waitForIncident(
      'LLM_TIMEOUT',
      ({ errorIds }) => errorIds.includes(errorId),
      'knows the error',
    );
    await stack.waitForIncident(
      'LLM_TIMEOUT',
      ({ degradedBy }) => degradedBy === 'next_provider',
      'goes on by the next provider',
    );
    const { think } = (await stack.status()).capabilities;
    assert.deepEqual(think.observed, { level: 'degraded', by: 'provider:backup' });

    await stack.inject('llm_timeout');
    const byCache = await ask(ASKED_BEFORE);
    assert.deepEqual(
      { source: byCache.source, cached_response_used: byCache.cached_response_used, message: byCache.message },
      { source: 'cache', cached_response_used: true, message: first.message },
    );
    const byPattern = await ask('Tell me something that nobody has asked.');
    assert.deepEqual(
      { mode: byPattern.mode, source: byPattern.source, cached_response_used: byPattern.cached_response_used },
      { mode: 'scripted', source: 'pattern', cached_response_used: false },
    );
    assert.ok(byPattern.message.length > 0);
    for (const { tookMs } of [bySecond, byCache, byPattern])
      assert.ok(tookMs < ANSWERED_WITHIN_MS, `took ${tookMs} ms`);

    await stack.waitForIncident(
      'LLM_TIMEOUT',
      ({ degradedBy }) => degradedBy === 'cache_or_pattern',
      'has no provider left',
    );
    const forced = await ask('Nobody waits for a provider that is known to be gone.');
    assert.deepEqual({ source: forced.source, mode: forced.mode }, { source: 'pattern', mode: 'scripted' });
    const status = await stack.waitForMode('scripted');
    assert.equal(status.health.overall_health, 'DEGRADED');
    assert.equal(status.words.streamer, 'The bot answers with prepared lines for the moment.');

    await stack.simulators.mend();
    await stack.waitForCalm();
    const incident = await checkWholeStory(stack, id, {
      code: 'LLM_TIMEOUT',
      service: 'llm-service',
      subject: 'primary',
      attempts: /^chain chain force:cache (return:\S+ ?)+$/,
      commands: { force: ['force-rung'], return: ['force-rung'] },
    });
    assert.equal(
      incident.traceparent?.split('-')[1],
      bySecond.trace_id,
      'one trace from the input to the verified recovery',
    );
    const line = stack.logLines('llm-service').find(({ context }) => context['error_id'] === errorId);
    assert.equal(line?.trace_id, bySecond.trace_id);
    await checkTurnTrace(stack, bySecond.trace_id, TURN_SPANS);

    const back = await ask('Are you back?');
    assert.deepEqual(
      { mode: back.mode, source: back.source, errors: back.errors },
      { mode: 'full', source: 'provider', errors: undefined },
    );
    assert.deepEqual((await stack.status()).capabilities.think.observed, { level: 'full', by: 'provider:primary' });
    for (const source of ['provider', 'cache', 'pattern'])
      assert.ok((await stack.metric('llm-service', 'understudy_turns_total', { source })) >= 1, `turns by ${source}`);
    assert.ok((await stack.metric('llm-service', 'response_time_seconds_count')) >= 2);
    assert.ok((await stack.metric('llm-service', 'understudy_cache_requests_total', { result: 'hit' })) >= 1);
  });

  test('an exhausted quota needs the operator: told, not retried, the next provider serves', async () => {
    await stack.inject('llm_quota_exhausted', { target: 'primary' });
    const reply = await ask('How is the weather up there?');
    assert.equal(reply.source, 'provider');
    assert.equal(reply.errors?.[0]?.error_code, 'LLM_QUOTA_EXHAUSTED');
    const { id } = await stack.waitForIncident(
      'LLM_QUOTA_EXHAUSTED',
      ({ degradedBy }) => degradedBy === 'next_provider',
      'goes on',
    );
    const status = await stack.status();
    assert.equal(status.incidents.needsOperator, 1);
    assert.match(status.words.operator, /LLM_QUOTA_EXHAUSTED .*What to do: Add credit/);
    await stack.simulators.mend();
    await stack.waitForCalm();
    const { incident } = await stack.incident(id);
    assert.equal(incident.state, 'resolved');
    await waitFor(async () => (await ask('Hello again!')).errors === undefined, 'an answer without errors', LIMIT_MS);
  });
});
