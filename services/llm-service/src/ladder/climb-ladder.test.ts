import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorEvent } from '@understudy/shared/contracts';
import { type ErrorCode, ServiceError, toServiceError } from '@understudy/shared/errors';
import { createFakeClock, createFakeContext } from '@understudy/shared/testing';
import { BrokenCircuitError } from 'cockatiel';
import type { StoredReply } from '../cache/stored-reply.ts';
import { createContextRoom } from '../providers/context-room.ts';
import type { ChainLink } from '../providers/provider-chain.ts';
import { createRequestPace } from '../providers/request-pace.ts';
import { createPersonaLines } from '../reply/persona-lines.ts';
import { createLadderClimber } from './climb-ladder.ts';
import { planLadder } from './plan-ladder.ts';
import type { ProviderAttempt, ProviderRung } from './provider-rung.ts';

/** What a provider does when it is asked: says sentences, then gives its last one or fails; takes its time. */
interface Play {
  readonly says?: readonly string[];
  readonly last?: string;
  readonly fails?: ErrorCode;
  readonly isShut?: boolean;
  readonly silent?: boolean;
}

const event = (error: unknown): ErrorEvent => {
  const { code, facts } = toServiceError(error);
  return {
    id: `0190a0a0-0000-7000-8000-${code.padEnd(12, '0').slice(0, 12)}`,
    service: 'llm-service',
    instanceId: '0190a0a0-0000-7000-8000-000000000000',
    version: 'test',
    code,
    message: 'm',
    occurredAt: '2026-01-01T00:00:00.000Z',
    context: {},
    ...(facts.subject === undefined ? {} : { subject: facts.subject }),
  };
};

async function climbWith(
  plays: Readonly<Record<string, Play>>,
  more: { stored?: StoredReply; shut?: string[]; text?: string } = {},
) {
  const clock = createFakeClock();
  const context = createFakeContext('llm-service', { clock });
  const asked: { name: string; firstTokenMs: number; mayRetry: boolean; said: readonly string[] }[] = [];
  const reported: string[] = [];
  const said: string[] = [];
  let lookUps = 0;

  const askProvider: ProviderRung = async ({ link, say, firstTokenMs, mayRetry, alreadySaid }: ProviderAttempt) => {
    const { name } = link.provider;
    const play = plays[name] ?? {};
    asked.push({ name, firstTokenMs, mayRetry, said: alreadySaid });
    if (play.isShut) throw new BrokenCircuitError();
    for (const sentence of play.says ?? []) say(sentence);
    if (play.silent) await clock.sleep(firstTokenMs);
    if (play.fails) throw new ServiceError(play.fails, undefined, { subject: name });
    return play.last === undefined ? undefined : { last: play.last, isWhole: true };
  };
  const links = Object.keys(plays).map((name): [string, ChainLink] => [
    name,
    {
      provider: { name, maxTokens: 200, ask: () => assert.fail('the rung is played') },
      breaker: {
        state: () => 'closed',
        admits: () => true,
        execute: (call) => call(),
        judge: () => {},
        close: () => {},
      },
      pace: createRequestPace(Date.now, undefined),
      room: createContextRoom(200),
      lastFailure: more.shut?.includes(name)
        ? event(new ServiceError('LLM_BAD_KEY', undefined, { subject: name }))
        : undefined,
    },
  ]);
  const providers = links.map(([name]) => ({ name, admits: !more.shut?.includes(name) }));
  const { patterns } = context.config().persona;
  const climb = createLadderClimber(context, { askProvider, line: createPersonaLines(() => ({ patterns })) });
  const running = climb({
    text: more.text ?? 'test message',
    plan: planLadder({ providers, forced: 'auto', mayThink: true }),
    chain: new Map(links),
    deadlineAt: clock.now() + 6000,
    prompt: () => [],
    check: async () => {},
    signal: new AbortController().signal,
    lookUp: async () => {
      lookUps += 1;
      return more.stored;
    },
    say: (sentence, rung) => void said.push(`${rung}: ${sentence}`),
    report(error) {
      const reportedEvent = event(error);
      reported.push(`${reportedEvent.code} ${reportedEvent.subject}`);
      return reportedEvent;
    },
    shorten: () => {},
  });
  const startedAt = clock.now();
  const done = running.then((answer) => ({ answer, tookMs: clock.now() - startedAt }));
  await clock.advance(10_000);
  const { answer, tookMs } = await done;
  const { failures, ...rest } = answer;
  return {
    answer: { ...rest, failures: failures.map(({ code, subject }) => `${code} ${subject}`) },
    asked,
    reported,
    said,
    lookUps,
    tookMs,
    patterns,
  };
}

describe('createLadderClimber', () => {
  it('stays on the first rung when it answers', async () => {
    const { answer, asked, said, reported } = await climbWith({ a: { says: ['One.'], last: 'Two.' }, b: {} });
    assert.deepEqual(answer, {
      rung: 'provider:a',
      last: 'Two.',
      sentences: ['One.', 'Two.'],
      failures: [],
      isWhole: true,
      isInterrupted: false,
    });
    assert.deepEqual(asked, [{ name: 'a', firstTokenMs: 2500, mayRetry: false, said: [] }]);
    assert.deepEqual([said, reported], [['provider:a: One.'], []]);
  });

  it('goes on to the next provider, and reports the first once', async () => {
    const { answer, reported } = await climbWith({ a: { fails: 'LLM_OVERLOADED' }, b: { last: 'Hi.' } });
    assert.deepEqual(answer, {
      rung: 'provider:b',
      last: 'Hi.',
      sentences: ['Hi.'],
      failures: ['LLM_OVERLOADED a'],
      isWhole: true,
      isInterrupted: false,
    });
    assert.deepEqual(reported, ['LLM_OVERLOADED a']);
  });

  it('goes on after what was said when a provider breaks off, without repeating it', async () => {
    const { answer, asked, said } = await climbWith({
      a: { says: ['One.'], fails: 'LLM_STALLED' },
      b: { says: ['Two.'], last: 'Three.' },
    });
    assert.deepEqual(answer, {
      rung: 'provider:b',
      last: 'Three.',
      sentences: ['One.', 'Two.', 'Three.'],
      failures: ['LLM_STALLED a'],
      isWhole: false,
      isInterrupted: false,
    });
    assert.deepEqual(asked[1], { name: 'b', firstTokenMs: 2500, mayRetry: true, said: ['One.'] });
    assert.deepEqual(said, ['provider:a: One.', 'provider:b: Two.']);
  });

  it('closes with a short line when nobody goes on, and does not ask the cache for it', async () => {
    const stored = { text: 'From the cache.', by: 'provider:a' };
    const { answer, lookUps, patterns } = await climbWith(
      { a: { says: ['One.'], fails: 'LLM_STALLED' }, b: { fails: 'LLM_TIMEOUT' } },
      { stored },
    );
    assert.equal(answer.rung, 'pattern');
    assert.equal(answer.last, patterns.interrupted[0]);
    assert.deepEqual([answer.sentences.length, lookUps], [2, 0]);
  });

  it('answers a known line from the cache after silent providers, within the deadline', async () => {
    const stored = { text: 'So message it is. Tell me more?', by: 'provider:a' };
    const silent = { silent: true, fails: 'LLM_TIMEOUT' } as const;
    const { answer, said, tookMs, asked } = await climbWith({ a: silent, b: silent, c: silent }, { stored });
    assert.deepEqual(answer, {
      rung: 'cache',
      last: 'Tell me more?',
      sentences: ['So message it is.', 'Tell me more?'],
      failures: ['LLM_TIMEOUT a', 'LLM_TIMEOUT b', 'LLM_TIMEOUT c'],
      isWhole: false,
      isInterrupted: false,
    });
    assert.deepEqual(said, ['cache: So message it is.']);
    assert.deepEqual(
      asked.map(({ firstTokenMs }) => firstTokenMs),
      [1866, 1867, 1867],
    );
    assert.equal(tookMs, 5600);
  });

  it('answers an unknown line by a pattern that fits it', async () => {
    const { answer, patterns } = await climbWith({ a: { fails: 'LLM_TIMEOUT' } }, { text: 'Why is the sky blue?' });
    assert.deepEqual([answer.rung, answer.last], ['pattern', patterns.question[0]]);
  });

  it('says a line of its own when a model declines, asks nobody else, and holds it against nobody', async () => {
    const { answer, asked, reported, patterns } = await climbWith({
      a: { fails: 'LLM_REFUSAL' },
      b: { last: 'Sure!' },
    });
    assert.deepEqual(answer, {
      rung: 'pattern',
      last: patterns.refusal[0],
      sentences: [patterns.refusal[0]],
      failures: ['LLM_REFUSAL a'],
      declinedBy: 'provider:a',
      isWhole: false,
      isInterrupted: false,
    });
    assert.deepEqual([asked.length, reported], [1, ['LLM_REFUSAL a']]);
  });

  it('says what had shut a provider that is not asked, and reports it no second time', async () => {
    const { answer, asked, reported } = await climbWith({ a: {}, b: { last: 'Hi.' } }, { shut: ['a'] });
    assert.deepEqual([answer.failures, asked.map(({ name }) => name), reported], [['LLM_BAD_KEY a'], ['b'], []]);
  });

  it('does not speak of a shut provider that would not have been asked', async () => {
    const { answer } = await climbWith({ a: { last: 'Hi.' }, b: {} }, { shut: ['b'] });
    assert.deepEqual([answer.rung, answer.failures], ['provider:a', []]);
  });

  it('passes over a provider that was shut a moment ago', async () => {
    const { answer, reported } = await climbWith({ a: { isShut: true }, b: { last: 'Hi.' } });
    assert.deepEqual([answer.rung, reported], ['provider:b', []]);
  });

  it('closes when the next provider has nothing to add', async () => {
    const { answer, patterns } = await climbWith({ a: { says: ['One.'], fails: 'LLM_STALLED' }, b: {} });
    assert.deepEqual([answer.rung, answer.last], ['pattern', patterns.interrupted[0]]);
  });
});
