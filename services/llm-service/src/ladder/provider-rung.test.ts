import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorCode, ServiceError } from '@understudy/shared/errors';
import { createFakeContext } from '@understudy/shared/testing';
import { ConstantBackoff, isBrokenCircuitError } from 'cockatiel';
import type { AnswerPart, ChatQuestion } from '../providers/chat-provider.ts';
import { createContextRoom } from '../providers/context-room.ts';
import { createProviderBreaker } from '../providers/provider-breaker.ts';
import { createRequestPace } from '../providers/request-pace.ts';
import { createProviderRung, type ProviderAttempt } from './provider-rung.ts';

type Script = readonly (string | AnswerPart | ErrorCode)[];
const END = { type: 'end', reason: 'stop' } as const;

/** A provider that plays one script a call. */
function play(scripts: readonly Script[], more: Partial<ProviderAttempt> = {}) {
  const context = createFakeContext('llm-service');
  const questions: ChatQuestion[] = [];
  const said: string[] = [];
  const tooLong: string[] = [];
  const streak: string[] = [];
  let ended = 0;
  async function* script(question: ChatQuestion, signal: AbortSignal): AsyncGenerator<AnswerPart> {
    const steps = scripts[questions.length] ?? [];
    questions.push(question);
    for (const step of steps) {
      if (typeof step !== 'string') yield step;
      else if (step.startsWith('LLM_')) throw new ServiceError(step as ErrorCode, step, { subject: 'p' });
      else if (step === 'hang') {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        throw signal.reason;
      } else yield { type: 'text', text: step };
    }
  }
  async function* ask(question: ChatQuestion, signal: AbortSignal): AsyncGenerator<AnswerPart> {
    try {
      yield* script(question, signal);
    } finally {
      ended += 1;
    }
  }
  const link: ProviderAttempt['link'] = {
    provider: { name: 'p', maxTokens: 200, ask },
    pace: createRequestPace(Date.now, undefined),
    room: createContextRoom(200),
    breaker: createProviderBreaker({ consecutiveFailures: 2, halfOpenAfterMs: 60_000 }, Date.now, () => {}),
    lastFailure: undefined,
  };
  const askProvider = createProviderRung(context, new ConstantBackoff(0), {
    failed: (name) => void streak.push(`failed ${name}`),
    worked: (name) => void streak.push(`worked ${name}`),
  });
  const attempt: ProviderAttempt = {
    link,
    mayRetry: false,
    firstTokenMs: 1000,
    until: Date.now() + 30_000,
    prompt: (shortened) => [{ role: 'user', content: shortened ? 'short' : 'long' }],
    alreadySaid: [],
    check: async () => {},
    signal: new AbortController().signal,
    say: (sentence) => void said.push(sentence),
    shorten: () => void tooLong.push('shortened'),
    report: ({ code }) => void tooLong.push(code),
    ...more,
  };
  const calls = async () =>
    Object.fromEntries(
      [...(await context.metrics.text()).matchAll(/provider_calls_total\{.*outcome="(\w+)".*\} (\d+)/g)].map(
        ([, outcome, count]) => [outcome, Number(count)],
      ),
    );
  return {
    ended: () => ended,
    run: async () => (await askProvider(attempt))?.last,
    said,
    questions,
    tooLong,
    streak,
    calls,
    link,
    context,
  };
}

const fails = (run: () => Promise<unknown>, code: ErrorCode) => assert.rejects(run(), { name: 'ServiceError', code });

describe('createProviderRung', () => {
  it('says each sentence as soon as the next begins, and gives the last', async () => {
    const { run, said, questions, calls } = play([['One. T', 'wo. Th', 'ree.', END]]);
    assert.equal(await run(), 'Three.');
    assert.deepEqual(said, ['One.', 'Two.']);
    assert.deepEqual(questions, [
      { messages: [{ role: 'user', content: 'long' }], firstTokenMs: 1000, nextTokenMs: 2000 },
    ]);
    assert.deepEqual(await calls(), { ok: 1 });
  });

  it('does not wait for what comes after the end', async () => {
    const { run } = play([['Done.', END, 'hang']]);
    assert.equal(await run(), 'Done.');
  });

  it('has nothing to add when the viewer has heard it all', async () => {
    const { run, said } = play([['One. One.', END]], { alreadySaid: ['One.'] });
    assert.deepEqual([await run(), said], [undefined, []]);
  });

  it('tells of a model that only thought: the next one is asked, and the operator knows why', async () => {
    for (const script of [
      ['<think>What to say', { type: 'end', reason: 'length' }],
      ['<think>Hm.</think>**', END],
    ] as const) {
      const { run, said, calls, streak } = play([script]);
      await fails(run, 'LLM_EMPTY_RESPONSE');
      assert.deepEqual([said, await calls(), streak], [[], { LLM_EMPTY_RESPONSE: 1 }, ['failed p']]);
    }
  });

  it('asks the last provider once more after a quick failure', async () => {
    const { run, questions, calls } = play([['LLM_OVERLOADED'], ['Hi.', END]], { mayRetry: true });
    assert.equal(await run(), 'Hi.');
    assert.deepEqual([questions.length, await calls()], [2, { ok: 1 }]);
  });

  const NO_RETRY: readonly [string, Script, Partial<ProviderAttempt>, ErrorCode][] = [
    ['another provider is left', ['LLM_OVERLOADED'], {}, 'LLM_OVERLOADED'],
    ['it took its time already', ['LLM_TIMEOUT'], { mayRetry: true }, 'LLM_TIMEOUT'],
    ['the operator must act', ['LLM_BAD_KEY'], { mayRetry: true }, 'LLM_BAD_KEY'],
    ['the viewer has heard a part', ['One. Two', 'LLM_SERVER_ERROR'], { mayRetry: true }, 'LLM_SERVER_ERROR'],
    ['no time is left', ['LLM_SERVER_ERROR'], { mayRetry: true, until: Date.now() + 900 }, 'LLM_SERVER_ERROR'],
  ];
  for (const [why, script, more, code] of NO_RETRY) {
    it(`does not ask again when ${why}`, async () => {
      const { run, questions, calls, streak } = play([script, ['Hi.', END]], more);
      await fails(run, code);
      assert.deepEqual([questions.length, await calls()], [1, { [code]: 1 }]);
      assert.deepEqual(streak, ['failed p']);
    });
  }

  it('counts an answer, and a refusal too, as a sign that the provider works; a call that was not let through as none', async () => {
    const { run, streak } = play([['Hi.', END], ['LLM_REFUSAL'], ['LLM_BAD_KEY']]);
    await run();
    await fails(run, 'LLM_REFUSAL');
    await fails(run, 'LLM_BAD_KEY');
    await assert.rejects(run());
    assert.deepEqual(streak, ['worked p', 'worked p', 'failed p']);
  });

  it('asks again with less when the conversation is too long, once', async () => {
    const { run, questions, tooLong } = play([['LLM_CONTEXT_TOO_LONG'], ['Hi.', END]]);
    assert.equal(await run(), 'Hi.');
    assert.deepEqual(
      questions.map(({ messages }) => messages[0]?.content),
      ['long', 'short'],
    );
    assert.deepEqual(tooLong, ['shortened', 'LLM_CONTEXT_TOO_LONG']);
    const twice = play([['LLM_CONTEXT_TOO_LONG'], ['LLM_CONTEXT_TOO_LONG'], ['Hi.', END]]);
    await fails(twice.run, 'LLM_CONTEXT_TOO_LONG');
    assert.deepEqual([twice.questions.length, twice.tooLong], [2, ['shortened']]);
  });

  it('cuts the prompt before a limit that it was told once', async () => {
    const rooms: (number | undefined)[] = [];
    const prompt = (_shortened: boolean, room: number | undefined) => {
      rooms.push(room);
      return [{ role: 'user' as const, content: 'x'.repeat(400) }];
    };
    const { run } = play([['LLM_CONTEXT_TOO_LONG'], ['Hi.', END], ['Hi.', END]], { prompt });
    await run();
    await run();
    // 106 tokens by our estimate were too many; nothing said how many are not, so three quarters of them are tried.
    assert.deepEqual(rooms, [undefined, 63, 63]);
  });

  it('says what is whole of an answer that was cut, and reports it without holding it against anybody', async () => {
    const { run, said, tooLong, streak } = play([['One. Two. Thr', { type: 'end', reason: 'length' }]]);
    assert.equal(await run(), '');
    assert.deepEqual([said, tooLong, streak], [['One.', 'Two.'], ['LLM_ANSWER_CUT'], ['worked p']]);
  });

  it('says nothing more once a sentence may not be said, and closes the connection', async () => {
    const check = async (sentence: string) => {
      if (sentence === 'Two.') throw new ServiceError('REPLY_BLOCKED', 'no', { subject: 'p' });
    };
    const { run, said, calls, streak, ended } = play([['One. Two. Three. Four.', END]], { check });
    await fails(run, 'REPLY_BLOCKED');
    assert.equal(ended(), 1);
    assert.deepEqual([said, await calls(), streak], [['One.'], { REPLY_BLOCKED: 1 }, ['worked p']]);
  });

  it("ends at the turn's deadline", async () => {
    const { run, said } = play([['One. Two', 'hang']], { until: Date.now() + 50 });
    await assert.rejects(run(), (error) => {
      assert.ok(error instanceof ServiceError);
      const { code, message, facts } = error;
      assert.deepEqual(
        { code, message, subject: facts.subject, context: facts.context },
        {
          code: 'LLM_TIMEOUT',
          message:
            "Provider p had not ended its answer at the turn's deadline. Nothing, if it passes. Else see the load of the model server or choose a faster model.",
          subject: 'p',
          context: { provider: 'p' },
        },
      );
      return true;
    });
    assert.deepEqual(said, ['One.']);
  });

  it('is guarded by its breaker', async () => {
    const { run, calls } = play([['LLM_TIMEOUT'], ['LLM_TIMEOUT'], ['Hi.', END]]);
    await fails(run, 'LLM_TIMEOUT');
    await fails(run, 'LLM_TIMEOUT');
    await assert.rejects(run(), isBrokenCircuitError);
    assert.deepEqual(await calls(), { LLM_TIMEOUT: 2, shut: 1 });
  });

  it('ends an answer that does not end', async () => {
    const { run, said } = play([[...Array.from({ length: 300 }, () => 'So it goes on and on. ')]]);
    assert.equal(typeof (await run()), 'string');
    assert.ok(said.join(' ').length <= 4000);
  });
});
