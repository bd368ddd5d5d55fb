import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ErrorCode, isServiceError } from '@understudy/shared/errors';
import { systemClock } from '@understudy/shared/service';
import { createLlamaServer, llamaServerMissing } from '../testing/llama-server.ts';
import type { AnswerPart, TokensUsed } from './chat-provider.ts';
import { createOpenAiProvider } from './openai-provider.ts';

/** Any other server, with any small model: `http://127.0.0.1:1234/v1`; `UNDERSTUDY_TEST_LLM_MODEL` where it wants the name. */
const named = process.env['UNDERSTUDY_TEST_LLM_URL'];
const model = process.env['UNDERSTUDY_TEST_LLM_MODEL'] ?? 'default';
const PATIENT = { firstTokenMs: 120_000, nextTokenMs: 120_000 };

describe('a real open server', { skip: named === undefined && llamaServerMissing }, () => {
  let url = named ?? '';
  let own: Awaited<ReturnType<typeof createLlamaServer>> | undefined;
  before(async () => {
    if (named !== undefined) return;
    own = await createLlamaServer({ contextTokens: 1024 });
    await own.start();
    url = own.url;
  });
  after(() => own?.remove());

  const used: TokensUsed[] = [];
  const provider = (maxTokens: number, name = model) =>
    createOpenAiProvider(
      { name: 'real', base_url: url, model: name, max_tokens: maxTokens },
      { ok: true, key: 'none', isSecret: false },
      { clock: systemClock, onUsage: (one) => void used.push(one) },
    );
  const ask = (maxTokens: number, content: string, signal = new AbortController().signal) =>
    provider(maxTokens).ask({ messages: [{ role: 'user', content }], ...PATIENT }, signal);
  const codeOf = async (running: Promise<unknown>): Promise<ErrorCode> => {
    const error = await running.then(
      () => assert.fail('it answered'),
      (reason: unknown) => reason,
    );
    assert.ok(isServiceError(error), String(error));
    return error.code;
  };

  it('streams, counts its tokens, and says that it was cut', async () => {
    used.length = 0;
    const parts = await Array.fromAsync(ask(12, 'be long'));
    assert.deepEqual(parts.at(-1), { type: 'end', reason: 'length' });
    assert.ok(parts.filter(({ type }) => type === 'text').length > 1);
    assert.deepEqual([used[0]?.isEstimate, used[0]?.output], [false, 12]);
  });

  it('can be stopped in the middle, and answers the next one', async () => {
    const caller = new AbortController();
    const parts: AnswerPart[] = [];
    await assert.rejects(
      async () => {
        for await (const part of ask(400, 'be long', caller.signal)) {
          parts.push(part);
          caller.abort(new Error('enough'));
        }
      },
      { message: 'enough' },
    );
    assert.equal(parts.length, 1);
    assert.equal((await Array.fromAsync(ask(3, 'hello'))).at(-1)?.type, 'end');
  });

  it('finds a prompt too long, and says what it takes', async () => {
    const long = 'a word and another '.repeat(4000);
    assert.equal(await codeOf(Array.fromAsync(ask(5, long))), 'LLM_CONTEXT_TOO_LONG');
  });
});
