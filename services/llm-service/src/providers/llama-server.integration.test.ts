import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ErrorCode, isServiceError, type ServiceError } from '@understudy/shared/errors';
import { systemClock } from '@understudy/shared/service';
import { createLlamaServer, llamaServerMissing } from '../testing/llama-server.ts';
import type { AnswerPart, TokensUsed } from './chat-provider.ts';
import { createOpenAiProvider } from './openai-provider.ts';

const CONTEXT_TOKENS = 16_384;
/** Several seconds long. */
const ENDLESS = 16_000;
const KEY = 'the-right-key';
const PATIENT = { firstTokenMs: 60_000, nextTokenMs: 60_000 };

/** The tiny model answers "... short" with "Hello there." and "... long" without end; see testing/tiny-model.ts. */
describe('llama.cpp', { skip: llamaServerMissing }, () => {
  let server: Awaited<ReturnType<typeof createLlamaServer>>;
  let used: TokensUsed[] = [];
  before(async () => {
    server = await createLlamaServer({ contextTokens: CONTEXT_TOKENS, apiKey: KEY });
    await server.start();
  });
  after(() => server.remove());

  const ask = (
    content: string,
    more: { maxTokens?: number; key?: string; path?: string; signal?: AbortSignal } = {},
  ) => {
    const { maxTokens = 50, key = KEY, path = '', signal = new AbortController().signal } = more;
    used = [];
    return createOpenAiProvider(
      { name: 'real', base_url: `${server.url}${path}`, model: 'any', max_tokens: maxTokens },
      { ok: true, key, isSecret: true },
      { clock: systemClock, onUsage: (one) => void used.push(one) },
    ).ask({ messages: [{ role: 'user', content }], ...PATIENT }, signal);
  };
  const failureOf = async (running: Promise<unknown>): Promise<ServiceError> => {
    const error = await running.then(
      () => assert.fail('it answered'),
      (reason: unknown) => reason,
    );
    assert.ok(isServiceError(error), String(error));
    return error;
  };
  const codeOf = async (parts: AsyncIterable<AnswerPart>): Promise<ErrorCode> =>
    (await failureOf(Array.fromAsync(parts))).code;

  it('streams word for word, and counts the tokens', async () => {
    assert.deepEqual(await Array.fromAsync(ask('say short')), [
      { type: 'text', text: 'Hello' },
      { type: 'text', text: ' there.' },
      { type: 'end', reason: 'stop' },
    ]);
    assert.deepEqual(used, [
      { input: 11, output: 3, estimatedInput: 9, isEstimate: false, isOfOllama: false, isProof: false },
    ]);
  });

  it('is cut at the longest answer, and says so', async () => {
    const parts = await Array.fromAsync(ask('say long', { maxTokens: 12 }));
    assert.deepEqual(parts.at(-1), { type: 'end', reason: 'length' });
    assert.deepEqual([used[0]?.output, used[0]?.isEstimate], [12, false]);
  });

  it('has nothing to say', async () => {
    assert.equal(await codeOf(ask('say nothing')), 'LLM_EMPTY_RESPONSE');
  });

  it('refuses another key and another path', async () => {
    assert.equal(await codeOf(ask('say short', { key: 'wrong' })), 'LLM_BAD_KEY');
    assert.equal(await codeOf(ask('say short', { path: '/v1' })), 'LLM_BAD_RESPONSE');
  });

  it('finds a prompt too long, and says what it takes', async () => {
    const error = await failureOf(Array.fromAsync(ask('a word and another '.repeat(2000))));
    assert.deepEqual(
      { code: error.code, contextTokens: error.facts.context?.['contextTokens'] },
      { code: 'LLM_CONTEXT_TOO_LONG', contextTokens: CONTEXT_TOKENS },
    );
  });

  it('answers one after another where it has one slot', async () => {
    const ends = await Promise.all(['long', 'short'].map((word) => Array.fromAsync(ask(`say ${word}`))));
    assert.deepEqual(
      ends.map((parts) => parts.at(-1)),
      [
        { type: 'end', reason: 'length' },
        { type: 'end', reason: 'stop' },
      ],
    );
  });

  it('stops thinking when nobody listens any more', async () => {
    const caller = new AbortController();
    await assert.rejects(
      async () => {
        for await (const _ of ask('say long', { maxTokens: ENDLESS, signal: caller.signal }))
          caller.abort(new Error('enough'));
      },
      { message: 'enough' },
    );
    const tokens = await server.tokensWhenIdle();
    assert.ok(tokens < ENDLESS, `it wrote the whole answer of ${tokens} tokens`);
  });

  it('dies in the middle of an answer, is away, and answers again', async () => {
    const parts = ask('say long', { maxTokens: ENDLESS })[Symbol.asyncIterator]();
    assert.equal((await parts.next()).value?.type, 'text');
    await server.kill();
    const rest = async () => {
      while (!(await parts.next()).done);
    };
    assert.equal((await failureOf(rest())).code, 'LLM_STALLED');
    assert.equal(await codeOf(ask('say short')), 'LLM_UNREACHABLE');
    await server.start();
    assert.deepEqual((await Array.fromAsync(ask('say short'))).at(-1), { type: 'end', reason: 'stop' });
  });
});
