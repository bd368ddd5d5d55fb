import { defineError, isServiceError, ServiceError } from '@understudy/shared/errors';
import type { FailureStreaks, ServiceContext } from '@understudy/shared/service';
import { withSpan } from '@understudy/shared/telemetry';
import { handleWhen, type IBackoffFactory, type IRetryBackoffContext, retry } from 'cockatiel';
import type { AnswerPart, ChatMessage } from '../providers/chat-provider.ts';
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
  /** `shortened`: the model found the conversation too long. */
  readonly prompt: (shortened: boolean) => readonly ChatMessage[];
  readonly alreadySaid: readonly string[];
  /** A sentence that is not the last. */
  readonly say: (sentence: string) => void;
  /** The model found the conversation too long: it is asked once more, with less. */
  readonly shorten: () => void;
  /** Tells of a failure that the rung has got over by itself. */
  readonly report: (error: ServiceError) => void;
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

  async function once(attempt: ProviderAttempt, shortened: boolean, signal: AbortSignal): Promise<string | undefined> {
    const { link, alreadySaid, say, firstTokenMs } = attempt;
    const stream = createAnswerStream({ personaName: config().persona.name, alreadySaid });
    const question = {
      messages: attempt.prompt(shortened),
      firstTokenMs,
      nextTokenMs: config().llm.next_token_timeout_ms,
    };
    const parts = link.provider.ask(question, signal)[Symbol.asyncIterator]();
    for (;;) {
      const { done, value: part } = await parts.next();
      if (done) return undefined;
      if (part.type === 'text') {
        for (const sentence of stream.push(part.text)) say(sentence);
        if (!stream.isFull()) continue;
        await parts.return?.();
      } else void drain(parts);
      const last = stream.end(part.type === 'text' || part.reason === 'length');
      for (const sentence of last.slice(0, -1)) say(sentence);
      return last.at(-1);
    }
  }

  async function withLessIfTooLong(attempt: ProviderAttempt, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await once(attempt, false, signal);
    } catch (error) {
      if (!isTooLong(error)) throw error;
      attempt.shorten();
      const last = await once(attempt, true, signal);
      attempt.report(error);
      return last;
    }
  }

  async function untilDeadline(attempt: ProviderAttempt): Promise<string | undefined> {
    const { link, until } = attempt;
    const signal = AbortSignal.timeout(Math.max(1, until - clock.now()));
    try {
      return await withLessIfTooLong(attempt, signal);
    } catch (error) {
      if (!signal.aborted || isServiceError(error)) throw error;
      const { name } = link.provider;
      const message = `Provider ${name} had not ended its answer at the turn's deadline. ${defineError('LLM_TIMEOUT').remedy}`;
      throw new ServiceError('LLM_TIMEOUT', message, { subject: name, context: { provider: name }, cause: error });
    }
  }

  /**
   * @returns the last sentence; `undefined` when there is nothing that the viewer has not heard already
   * @throws ServiceError of the provider; cockatiel's BrokenCircuitError or IsolatedCircuitError when it is shut
   */
  return async (attempt: ProviderAttempt): Promise<string | undefined> => {
    const { link, mayRetry } = attempt;
    const { name } = link.provider;
    let hasSaid = false;
    const say = (sentence: string) => {
      hasSaid = true;
      attempt.say(sentence);
    };
    const retries = retry(
      handleWhen((error) => !hasSaid && isWorthARetry(error) && clock.now() + RETRY_NEEDS_MS < attempt.until),
      { maxAttempts: mayRetry ? 1 : 0, backoff },
    );
    const attributes = { 'understudy.provider': name };
    return withSpan('llm.provider', { kind: 'client', attributes }, async () => {
      const startedAt = clock.now();
      let outcome = 'ok';
      try {
        return await link.breaker.execute(() => retries.execute(() => untilDeadline({ ...attempt, say })));
      } catch (error) {
        outcome = isServiceError(error) ? error.code : 'shut';
        throw error;
      } finally {
        const durationMs = clock.now() - startedAt;
        if (outcome === 'ok' || isOfTheQuestion(outcome)) streaks.worked(name);
        else if (outcome !== 'shut') streaks.failed(name);
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
