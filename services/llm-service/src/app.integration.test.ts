import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ANSWER, LINE, type LiveService, lastOf, startLiveService, turnOf, wordsOf } from './testing/live-service.ts';

describe('the llm-service, whole', () => {
  let live: LiveService;
  beforeEach(async () => {
    live = await startLiveService();
  });
  afterEach(() => live.stop());

  it('answers in sentences, numbered, the last marked', async () => {
    const all = await live.say(LINE, { userId: 'Anna' }, 'utterance');
    assert.deepEqual(
      all.map(({ seq, final, text }) => ({ seq, final, text })),
      [
        { seq: 0, final: false, text: 'So message it is.' },
        { seq: 1, final: false, text: 'I like how you put that.' },
        { seq: 2, final: true, text: 'Tell me more?' },
      ],
    );
    const { budgetMs, turnId, ...rest } = lastOf(all);
    assert.ok(budgetMs > 0 && budgetMs <= 60_000);
    assert.deepEqual(rest, {
      seq: 2,
      final: true,
      text: 'Tell me more?',
      source: 'provider',
      by: 'provider:primary',
      emotion: 'neutral',
      mode: 'text_only',
      fallbackUsed: false,
      cachedResponseUsed: false,
      errors: [],
      observed: { think: { level: 'full', by: 'provider:primary' } },
    });
    assert.deepEqual([live.reported(), live.think()], [[], { level: 'full', by: 'provider:primary' }]);
  });

  it('answers a turn once, however often it comes', async () => {
    const input = turnOf(LINE);
    await Promise.all([
      live.context.bus.deliver('input', input),
      live.context.bus.deliver('utterance', input),
      live.context.bus.deliver('input', input),
    ]);
    assert.equal(live.replies(input.turnId).length, 3);
    assert.equal(live.peer.state().requests.length, 1);
  });

  it('remembers the conversation, each viewer by name, and tells what is seen', async () => {
    live.context.bus.deliver('observation', {
      id: randomUUID(),
      kind: 'scene_change',
      summary: 'The scene has changed.',
      confidence: 1,
      value: 1,
      ageMs: 0,
      observedAt: new Date().toISOString(),
    });
    assert.match(wordsOf(await live.say('What do you see?')), /the scene has changed/);
    assert.match(wordsOf(await live.say('Who am I?', { userId: 'Anna' })), /Anna/);
  });

  it('goes on to the second provider, says so, and comes back to the first', async () => {
    live.peer.applyFault('llm_overloaded', 'primary');
    const { by, source, fallbackUsed, errors } = lastOf(await live.say(LINE));
    assert.deepEqual({ by, source, fallbackUsed }, { by: 'provider:backup', source: 'provider', fallbackUsed: true });
    assert.deepEqual(
      errors.map(({ error_code, fallback_activated, recovery_successful }) => ({
        error_code,
        fallback_activated,
        recovery_successful,
      })),
      [{ error_code: 'LLM_OVERLOADED', fallback_activated: true, recovery_successful: false }],
    );
    assert.equal(errors[0]?.error_id, live.context.errors[0]?.id);
    assert.deepEqual(
      [live.reported(), live.think()],
      [['LLM_OVERLOADED primary'], { level: 'degraded', by: 'provider:backup' }],
    );
    live.peer.clearFaults();
    assert.equal(lastOf(await live.say(LINE)).by, 'provider:primary');
    assert.deepEqual(live.think(), { level: 'full', by: 'provider:primary' });
  });

  it("the user's injection: all providers time out, a line asked before comes from the cache, any other is a pattern", async () => {
    await live.say(LINE);
    live.peer.applyFault('llm_timeout');
    live.configure({ first_token_timeout_ms: 300 });
    const known = await live.say('Test message!');
    const { source, by, cachedResponseUsed, fallbackUsed, errors } = lastOf(known);
    assert.deepEqual(
      { source, by, cachedResponseUsed, fallbackUsed },
      { source: 'cache', by: 'cache', cachedResponseUsed: true, fallbackUsed: true },
    );
    assert.equal(wordsOf(known), ANSWER);
    assert.deepEqual(
      errors.map(({ error_code }) => error_code),
      ['LLM_TIMEOUT', 'LLM_TIMEOUT'],
    );
    const unknown = lastOf(await live.say('something else'));
    assert.deepEqual(
      [unknown.source, unknown.text, unknown.observed.think],
      ['pattern', 'Mhm.', { level: 'degraded', by: 'pattern' }],
    );
    assert.deepEqual(live.reported(), [
      'LLM_TIMEOUT primary',
      'LLM_TIMEOUT backup',
      'LLM_TIMEOUT primary',
      'LLM_TIMEOUT backup',
    ]);
    assert.deepEqual(live.think(), { level: 'degraded', by: 'pattern' });
    // Both are shut now: nobody is asked, nothing is reported again, and the viewer is still told why.
    const third = lastOf(await live.say('yet another'));
    assert.deepEqual([third.source, third.errors.length, live.reported().length], ['pattern', 2, 4]);
  });

  it('goes on with the next sentence only when a provider breaks off after two', async () => {
    const dying = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const chunk = {
        choices: [{ index: 0, delta: { content: 'First of all. Then again. And so' }, finish_reason: null }],
      };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`, () => setImmediate(() => response.socket?.destroy()));
    });
    await new Promise<void>((resolve) => dying.listen(0, '127.0.0.1', resolve));
    const { port } = dying.address() as AddressInfo;
    const [primary, backup] = live.context.config().llm.providers;
    assert.ok(primary && backup);
    live.configure({ providers: [{ ...primary, base_url: `http://127.0.0.1:${port}/v1` }, backup] });
    const all = await live.say(LINE);
    dying.close();
    assert.deepEqual(
      all.slice(0, 2).map(({ text, by, final }) => ({ text, by, final })),
      [
        { text: 'First of all.', by: 'provider:primary', final: false },
        { text: 'Then again.', by: 'provider:primary', final: false },
      ],
    );
    assert.deepEqual(new Set(all.slice(2).map(({ by }) => by)), new Set(['provider:backup']));
    assert.deepEqual([all.filter(({ final }) => final).length, live.reported()], [1, ['LLM_STALLED primary']]);
  });

  it('begins anew with the next provider when one breaks off before its first sentence', async () => {
    live.peer.applyFault('llm_cut_stream', 'primary');
    const all = await live.say(LINE);
    assert.deepEqual([wordsOf(all), live.reported()], [ANSWER, ['LLM_STALLED primary']]);
  });

  it('answers a refusal with a line of its own, and goes on to think', async () => {
    live.peer.applyFault('llm_refusal');
    const { text, source, observed } = lastOf(await live.say(LINE));
    assert.deepEqual(
      { text, source, observed },
      { text: 'Not that.', source: 'pattern', observed: { think: { level: 'full', by: 'provider:primary' } } },
    );
    assert.deepEqual(
      [live.reported(), live.think()],
      [['LLM_REFUSAL primary'], { level: 'full', by: 'provider:primary' }],
    );
  });

  it('answers whom it can in a crowd, and tells the others', async () => {
    const inputs = Array.from({ length: 12 }, () => turnOf(LINE));
    await Promise.all(inputs.map((input) => live.context.bus.deliver('input', input)));
    const fates = inputs.map((input) => lastOf(live.replies(input.turnId)));
    assert.equal(fates.filter(({ by }) => by === 'provider:primary').length, 6);
    assert.deepEqual(
      fates
        .filter(({ source }) => source === 'pattern')
        .map(({ text, errors }) => [text, errors.map(({ error_code }) => error_code)]),
      Array.from({ length: 6 }, () => ['Mhm.', ['TURN_DROPPED']]),
    );
    assert.equal(live.reported().filter((line) => line.startsWith('TURN_DROPPED')).length, 1);
  });

  it('asks again with less when a conversation is too long', async () => {
    live.peer.applyFault('llm_context_too_long', 'primary');
    assert.equal(lastOf(await live.say(LINE)).by, 'provider:backup');
    assert.deepEqual(live.reported(), ['LLM_CONTEXT_TOO_LONG primary']);
    assert.equal(live.peer.state().requests.filter(({ provider }) => provider === 'primary').length, 2);
  });

  it('measures what it does', async () => {
    await live.say(LINE);
    const text = await live.context.metrics.text();
    for (const line of [
      /understudy_turns_total\{.*source="provider".*mode="text_only".*\} 1/,
      /understudy_provider_calls_total\{.*provider="primary",outcome="ok".*\} 1/,
      /response_time_seconds_count(\{.*\})? 1/,
      /understudy_turn_duration_seconds_count\{.*source="provider".*\} 1/,
      /understudy_breaker_state\{.*name="primary".*\} 0/,
    ]) {
      assert.match(text, line);
    }
  });
});
