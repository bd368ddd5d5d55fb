import { defineError, isServiceError, ServiceError } from '@understudy/shared/errors';
import type { FailureStreaks, ServiceContext } from '@understudy/shared/service';
import { withSpan } from '@understudy/shared/telemetry';
import { handleWhen, type IBackoffFactory, type IRetryBackoffContext, retry } from 'cockatiel';
import type { AnswerPart, ChatMessage } from '../providers/chat-provider.ts';
import { estimatePrompt } from '../providers/estimate-tokens.ts';
import { isOfTheQuestion } from '../providers/provider-breaker.ts';
import type { ChainLink } from '../providers/provider-chain.ts';
import { createAnswerStream } from '../reply/answer-stream.ts';

/** Quick failures, after which the same provider may well answer a moment later. */
const WORTH_A_RETRY: readonly string[] = ['LLM_UNREACHABLE', 'LLM_OVERLOADED', 'LLM_SERVER_ERROR'];

/** The longest pause before a retry and the least time that a fresh question wants. */
const RETRY_NEEDS_MS = 1000;

const isWorthARetry = (error: unknown): boolean => isServiceError(error) && WORTH_A_RETRY.includes(error.code);

export interface ProviderAttempt {
  readonly link: ChainLink;
  readonly mayRetry: boolean;
  /** How long it may be silent at first, ms. */
  readonly firstTokenMs: number;
  /** Until then its answer must be complete; epoch ms. */
  readonly until: number;
  /** `shortened`: the model found the conversation too long. `room`: what it takes in tokens, once that is known. */
  readonly prompt: (shortened: boolean, room: number | undefined) => readonly ChatMessage[];
  readonly alreadySaid: readonly string[];
  /** Before a sentence is said. @throws ServiceError when it may not be: nothing more of this answer is */
  readonly check: (sentence: string) => Promise<void>;
  /** A sentence that is not the last. */
  readonly say: (sentence: string) => void;
  /** Aborted: nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** The model found the conversation too long: it is asked once more, with less. */
  readonly shorten: () => void;
  /** Tells of a failure that the rung has got over by itself. */
  readonly report: (error: ServiceError) => void;
}

/** What a provider had left to say. */
export interface LastSaid {
  /** Empty when the rest was broken and the viewer has heard the whole sentences. */
  readonly last: string;
  /** The model came to an end by itself. */
  readonly isWhole: boolean;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'config' | 'logger' | 'metrics'>;

const isTooLong = (error: unknown): error is ServiceError =>
  isServiceError(error) && error.code === 'LLM_CONTEXT_TOO_LONG';

/** Reads on after the last word, so that the connection serves the next turn too; the provider bounds it. */
async function drain(parts: AsyncIterator<AnswerPart>): Promise<void> {
  try {
    while (!(await parts.next()).done);
  } catch {
    // The answer was complete; what becomes of the connection then is no failure.
  }
}

/** One provider as a rung: guarded by its breaker, with at most one retry, measured and traced. */
export function createProviderRung(
  context: Surroundings,
  backoff: IBackoffFactory<IRetryBackoffContext<unknown>>,
  streaks: Pick<FailureStreaks, 'failed' | 'worked'>,
) {
  const { clock, config, logger, metrics } = context;

  const answerCut = (name: string) => {
    const { remedy } = defineError('LLM_ANSWER_CUT');
    const message = `Provider ${name} was cut off at its longest answer; what was whole of it was said. ${remedy}`;
    return new ServiceError('LLM_ANSWER_CUT', message, { subject: name, context: { provider: name } });
  };

  const saidNothing = (name: string) => {
    const message = `Provider ${name} gave an answer in which nothing is to be said: silent thoughts, or marks. Raise its max_tokens in llm.providers, or choose a model that does not think.`;
    return new ServiceError('LLM_EMPTY_RESPONSE', message, { subject: name, context: { provider: name } });
  };

  async function listen(
    { alreadySaid, check, say, link, report }: ProviderAttempt,
    parts: AsyncIterator<AnswerPart>,
  ): Promise<LastSaid | undefined> {
    const stream = createAnswerStream({ personaName: config().persona.name, alreadySaid });
    const sayAll = async (sentences: readonly string[]) => {
      for (const sentence of sentences) {
        await check(sentence);
        say(sentence);
      }
    };
    for (;;) {
      const { done, value: part } = await parts.next();
      if (done) return undefined;
      if (part.type === 'text') {
        await sayAll(stream.push(part.text));
        if (!stream.isFull()) continue;
        await parts.return?.();
      } else void drain(parts);
      const isCut = part.type === 'text' || part.reason === 'length';
      const left = stream.end(isCut);
      await sayAll(left.slice(0, -1));
      const last = left.at(-1);
      if (last === undefined && alreadySaid.length === 0) throw saidNothing(link.provider.name);
      if (last === undefined) return undefined;
      if (last !== '') await check(last);
      if (part.type === 'end' && isCut) report(answerCut(link.provider.name));
      return { last, isWhole: !isCut };
    }
  }

  async function once(
    attempt: ProviderAttempt,
    messages: readonly ChatMessage[],
    signal: AbortSignal,
  ): Promise<LastSaid | undefined> {
    const { link, firstTokenMs } = attempt;
    const question = { messages, firstTokenMs, nextTokenMs: config().llm.next_token_timeout_ms };
    link.pace.note();
    const parts = link.provider.ask(question, signal)[Symbol.asyncIterator]();
    try {
      return await listen(attempt, parts);
    } catch (error) {
      // What is not to be said is not to be paid for either: the connection is closed.
      await parts.return?.();
      throw error;
    }
  }

  async function withLessIfTooLong(attempt: ProviderAttempt, signal: AbortSignal): Promise<LastSaid | undefined> {
    const { room } = attempt.link;
    const messages = attempt.prompt(false, room.tokens());
    try {
      return await once(attempt, messages, signal);
    } catch (error) {
      if (!isTooLong(error)) throw error;
      const told = error.facts.context?.['contextTokens'];
      room.learn(estimatePrompt(messages), typeof told === 'number' ? told : undefined);
      attempt.shorten();
      const last = await once(attempt, attempt.prompt(true, room.tokens()), signal);
      attempt.report(error);
      return last;
    }
  }

  async function untilDeadline(attempt: ProviderAttempt): Promise<LastSaid | undefined> {
    const { link, until } = attempt;
    const signal = AbortSignal.any([attempt.signal, AbortSignal.timeout(Math.max(1, until - clock.now()))]);
    try {
      return await withLessIfTooLong(attempt, signal);
    } catch (error) {
      if (!signal.aborted || attempt.signal.aborted || isServiceError(error)) throw error;
      const { name } = link.provider;
      const message = `Provider ${name} had not ended its answer at the turn's deadline. ${defineError('LLM_TIMEOUT').remedy}`;
      throw new ServiceError('LLM_TIMEOUT', message, { subject: name, context: { provider: name }, cause: error });
    }
  }

  /**
   * @returns the last sentence; `undefined` when there is nothing that the viewer has not heard already
   * @throws ServiceError of the provider; cockatiel's BrokenCircuitError or IsolatedCircuitError when it is shut; the reason of
   * the attempt's signal
   */
  return async (attempt: ProviderAttempt): Promise<LastSaid | undefined> => {
    const { link, mayRetry } = attempt;
    const { name } = link.provider;
    let hasSaid = false;
    const say = (sentence: string) => {
      hasSaid = true;
      attempt.say(sentence);
    };
    const retries = retry(
      handleWhen(
        (error) =>
          !hasSaid && isWorthARetry(error) && link.pace.hasRoom() && clock.now() + RETRY_NEEDS_MS < attempt.until,
      ),
      { maxAttempts: mayRetry ? 1 : 0, backoff },
    );
    const attributes = { 'understudy.provider': name };
    return withSpan('llm.provider', { kind: 'client', attributes }, async () => {
      const startedAt = clock.now();
      let outcome = 'ok';
      try {
        return await link.breaker.execute(() => retries.execute(() => untilDeadline({ ...attempt, say })));
      } catch (error) {
        outcome = isServiceError(error) ? error.code : attempt.signal.aborted ? 'interrupted' : 'shut';
        throw error;
      } finally {
        const durationMs = clock.now() - startedAt;
        if (outcome === 'ok' || isOfTheQuestion(outcome)) streaks.worked(name);
        else if (outcome !== 'shut' && outcome !== 'interrupted') streaks.failed(name);
        metrics.inc('understudy_provider_calls_total', { provider: name, outcome });
        if (outcome !== 'shut')
          metrics.observe('understudy_provider_call_duration_seconds', { provider: name }, durationMs / 1000);
        if (outcome === 'ok') metrics.observe('response_time_seconds', {}, durationMs / 1000);
        logger.logPerformance(`provider ${name}`, durationMs, { context: { provider: name, outcome } });
      }
    });
  };
}
export type ProviderRung = ReturnType<typeof createProviderRung>;
