import { defineError, isServiceError } from '@understudy/shared/errors';
import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IBackoff,
  type IBackoffFactory,
  type IBreaker,
  type IHalfOpenAfterBackoffContext,
} from 'cockatiel';

export type BreakerState = 'closed' | 'halfOpen' | 'open' | 'isolated';

const STATE_NAMES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'halfOpen',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'isolated',
};

/** These are matters of one question; the provider itself is well. */
const DECLINED: readonly string[] = ['LLM_REFUSAL', 'LLM_CONTENT_FILTERED', 'REPLY_BLOCKED'];
const OF_THE_QUESTION: readonly string[] = [...DECLINED, 'LLM_CONTEXT_TOO_LONG'];
/** Somebody did not want this said: the persona changes the subject, and nobody else is asked. */
export const isDeclined = (code: string): boolean => DECLINED.includes(code);
export const isOfTheQuestion = (code: string): boolean => OF_THE_QUESTION.includes(code);

const retryAfterOf = (error: unknown): number | undefined =>
  isServiceError(error) ? error.facts.retryAfterMs : undefined;

const needsOperator = (error: unknown): boolean =>
  isServiceError(error) && defineError(error.code).cause === 'needs_operator';

export interface ProviderBreaker {
  state(): BreakerState;
  /** Would a call be let through now? No while the one call of the half-open state is under way: a second would wait for it. */
  admits(): boolean;
  /** @throws what the call throws; cockatiel's BrokenCircuitError or IsolatedCircuitError when it is not let through */
  execute<T>(call: () => Promise<T>): Promise<T>;
  /** What a call past it has shown: where only the operator can help, it is shut. */
  judge(error: unknown): void;
  /** The provider has been seen to answer. */
  close(): void;
}

export interface BreakerLimits {
  readonly consecutiveFailures: number;
  readonly halfOpenAfterMs: number;
}

/**
 * Opens after failures in a row; at once, and for as long as the provider asks, when it names a time; stays shut
 * (`isolated`) when only the operator can help: then `close` alone lets calls through again.
 */
export function createProviderBreaker(
  limits: BreakerLimits,
  now: () => number,
  onChange: (state: BreakerState) => void,
): ProviderBreaker {
  let opensAgainAt = 0;
  let wasToldToWait = false;
  const consecutive = new ConsecutiveBreaker(limits.consecutiveFailures);
  // cockatiel tells a breaker that a call failed, not how; `execute` has noted that just before.
  const breaker: IBreaker = {
    state: undefined,
    success: () => consecutive.success(),
    failure() {
      const opensAtOnce = wasToldToWait;
      wasToldToWait = false;
      return consecutive.failure() || opensAtOnce;
    },
  };
  const backoff = (ms: number): IBackoff<IHalfOpenAfterBackoffContext> => ({ duration: ms, ...halfOpenAfter });
  const halfOpenAfter: IBackoffFactory<IHalfOpenAfterBackoffContext> = {
    next({ result }) {
      const asked = 'error' in result ? retryAfterOf(result.error) : undefined;
      const ms = asked ?? limits.halfOpenAfterMs;
      opensAgainAt = now() + ms;
      return backoff(ms);
    },
  };
  // Whoever gave up has shown nothing; but the one call of the half-open state must not close it by that.
  const counts = (error: unknown): boolean =>
    isServiceError(error) ? !isOfTheQuestion(error.code) : policy.state === CircuitState.HalfOpen;

  const build = (): CircuitBreakerPolicy => {
    const built = circuitBreaker(handleWhen(counts), { breaker, halfOpenAfter });
    built.onStateChange((state) => {
      if (built === policy) onChange(STATE_NAMES[state]);
    });
    return built;
  };
  let policy = build();
  const state = () => STATE_NAMES[policy.state];
  const judge = (error: unknown) => {
    if (needsOperator(error) && state() !== 'isolated') policy.isolate();
  };

  return {
    state,
    admits: () => state() === 'closed' || (state() === 'open' && now() >= opensAgainAt),
    async execute(call) {
      const used = policy;
      try {
        return await used.execute(async () => {
          try {
            return await call();
          } catch (error) {
            if (counts(error) && retryAfterOf(error) !== undefined) wasToldToWait = true;
            throw error;
          }
        });
      } catch (error) {
        if (used === policy) judge(error);
        throw error;
      }
    },
    judge,
    close() {
      if (state() === 'closed') return;
      consecutive.success();
      policy = build();
      onChange('closed');
    },
  };
}
