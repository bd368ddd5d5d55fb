import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type ErrorCode, ServiceError } from '@understudy/shared/errors';
import { createFakeContext } from '@understudy/shared/testing';
import type { AnswerPart, ChatQuestion } from './chat-provider.ts';
import { createContextRoom } from './context-room.ts';
import { createProviderBreaker } from './provider-breaker.ts';
import type { ChainLink } from './provider-chain.ts';
import { createProviderProof, LOADING_MS } from './provider-proof.ts';
import { createRequestPace } from './request-pace.ts';

function create(
  answers: Readonly<Record<string, boolean | 'hangs' | 'loads' | 'cannot load' | 'refuses'>>,
  why: ErrorCode = 'LLM_OUT_OF_MEMORY',
) {
  const loaded = Promise.withResolvers<void>();
  const stop = new AbortController();
  const questions: ChatQuestion[] = [];
  const proven: string[] = [];
  const failed: string[] = [];
  const context = createFakeContext('llm-service');
  const link = (name: string): ChainLink => ({
    provider: {
      name,
      maxTokens: 200,
      async *ask(question, signal): AsyncGenerator<AnswerPart> {
        questions.push(question);
        if (answers[name] === 'hangs') {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          throw signal.reason;
        }
        if (answers[name] === 'loads') {
          if (question.firstTokenMs < LOADING_MS) throw new ServiceError('LLM_TIMEOUT', `Provider ${name} is silent.`);
          await loaded.promise;
        }
        if (answers[name] === 'cannot load') {
          throw new ServiceError(
            question.firstTokenMs < LOADING_MS ? 'LLM_TIMEOUT' : why,
            `Provider ${name} does not load.`,
            { subject: name },
          );
        }
        if (answers[name] === 'refuses') throw new ServiceError(why, `Provider ${name} refuses.`, { subject: name });
        if (!answers[name]) throw new ServiceError('LLM_OVERLOADED', `Provider ${name} is overloaded.`);
        yield { type: 'end', reason: 'length' };
      },
    },
    breaker: createProviderBreaker({ consecutiveFailures: 1, halfOpenAfterMs: 60_000 }, Date.now, () => {}),
    pace: createRequestPace(Date.now, undefined),
    room: createContextRoom(200),
    lastFailure: undefined,
  });
  const chain = new Map(Object.keys(answers).map((name) => [name, link(name)]));
  const prove = createProviderProof({
    chain: () => chain,
    limits: () => ({ firstTokenMs: 2500, nextTokenMs: 2000 }),
    clock: { now: () => 0 },
    onProof: (name) => void proven.push(name),
    onFailure: (name) => void failed.push(name),
    report: context.reportError,
    stopped: stop.signal,
  });
  const reported = () => context.errors.map(({ code, subject }) => `${code} ${subject}`);
  return { prove, chain, questions, proven, failed, reported, stop, finishLoading: loaded.resolve };
}
const signal = AbortSignal.timeout(60_000);

describe('createProviderProof', () => {
  it('asks the named provider for one token', async () => {
    const { prove, questions, proven } = create({ a: false, b: true });
    assert.deepEqual(await prove('b', signal), { ok: true, detail: 'b answered in 0 ms' });
    assert.deepEqual(questions, [
      { messages: [{ role: 'user', content: 'Say hi.' }], maxTokens: 1, firstTokenMs: 2500, nextTokenMs: 2000 },
    ]);
    assert.deepEqual(proven, ['b']);
  });
  it('says why it does not answer', async () => {
    const { prove, proven, failed } = create({ a: false });
    assert.deepEqual(await prove('a', signal), { ok: false, detail: 'a: Provider a is overloaded.' });
    assert.deepEqual([proven, failed], [[], ['a']]);
  });
  it('closes the breaker that only the operator could help', async () => {
    const { prove, chain } = create({ a: true });
    const link = chain.get('a');
    await link?.breaker.execute(async () => Promise.reject(new ServiceError('LLM_QUOTA_EXHAUSTED'))).catch(() => {});
    assert.equal(link?.breaker.state(), 'isolated');
    await prove('a', signal);
    assert.equal(link?.breaker.state(), 'closed');
  });
  it('tells once what only the operator can help, though no viewer has met it yet', async () => {
    const { prove, chain, reported } = create({ a: 'refuses' });
    await prove('a', signal);
    await prove('a', signal);
    assert.deepEqual([reported(), chain.get('a')?.breaker.state()], [['LLM_OUT_OF_MEMORY a'], 'isolated']);
  });
  it('leaves a breaker alone when it fails', async () => {
    const { prove, chain } = create({ a: false });
    for (let i = 0; i < 3; i += 1) await prove('a', signal);
    assert.equal(chain.get('a')?.breaker.state(), 'closed');
  });
  it('without a name takes the first that answers', async () => {
    assert.deepEqual(await create({ a: false, b: true }).prove(undefined, signal), {
      ok: true,
      detail: 'b answered in 0 ms',
    });
    assert.deepEqual(await create({ a: false, b: false }).prove(undefined, signal), {
      ok: false,
      detail: 'No provider answers. a: Provider a is overloaded. b: Provider b is overloaded.',
    });
  });
  it('says of another name that it is gone', async () => {
    assert.deepEqual(await create({ a: true }).prove('x', signal), {
      ok: false,
      gone: true,
      detail: 'llm.providers has no x; it has a',
    });
  });
  it('ends with its signal', async () => {
    const ended = new AbortController();
    const { prove, failed, stop } = create({ a: 'hangs', b: true });
    const running = prove('a', ended.signal);
    ended.abort();
    assert.deepEqual(await running, { ok: false, detail: 'a: did not answer before the probe was ended' });
    assert.deepEqual(failed, [], 'that proves nothing');
    stop.abort();
  });
  it('leaves one patient question behind, for a model that has to be loaded first', async () => {
    const { prove, chain, questions, proven, finishLoading } = create({ a: 'loads' });
    const link = chain.get('a');
    await link?.breaker.execute(async () => Promise.reject(new ServiceError('LLM_TIMEOUT'))).catch(() => {});
    for (let probe = 0; probe < 3; probe += 1)
      assert.deepEqual(await prove('a', signal), { ok: false, detail: 'a: Provider a is silent.' });
    assert.deepEqual(
      questions.map(({ firstTokenMs }) => firstTokenMs),
      [2500, LOADING_MS, 2500, 2500],
    );
    assert.deepEqual([proven, link?.breaker.state()], [[], 'open']);
    finishLoading();
    await setImmediate();
    assert.deepEqual([proven, link?.breaker.state()], [['a'], 'closed']);
  });
  it('tells once why a model could not be loaded, which viewers and probes only know as silence, and shuts it out', async () => {
    const answers: Record<string, 'cannot load' | true> = { a: 'cannot load' };
    const { prove, chain, reported } = create(answers);
    const probe = async () => {
      await prove('a', signal);
      await setImmediate();
    };
    await probe();
    await probe();
    const link = chain.get('a');
    assert.deepEqual(
      [reported(), link?.lastFailure?.code, link?.breaker.state()],
      [['LLM_OUT_OF_MEMORY a'], 'LLM_OUT_OF_MEMORY', 'isolated'],
    );
    answers['a'] = true;
    await probe();
    assert.deepEqual([link?.lastFailure, link?.breaker.state()], [undefined, 'closed']);
    answers['a'] = 'cannot load';
    await probe();
    assert.deepEqual(reported(), ['LLM_OUT_OF_MEMORY a', 'LLM_OUT_OF_MEMORY a']);
  });
  it('tells nothing of a patient question that failed by something which may have passed since', async () => {
    const { prove, chain, reported } = create({ a: 'cannot load' }, 'LLM_UNREACHABLE');
    await prove('a', signal);
    await setImmediate();
    assert.deepEqual([reported(), chain.get('a')?.breaker.state()], [[], 'closed']);
  });
  it('takes no word of a provider that a reload has replaced', async () => {
    const { prove, chain, proven, finishLoading } = create({ a: 'loads' });
    await prove('a', signal);
    chain.clear();
    finishLoading();
    await setImmediate();
    assert.deepEqual(proven, []);
  });
});
