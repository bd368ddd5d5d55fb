import { ExponentialBackoff, type IBackoff, noJitterGenerator } from 'cockatiel';

/** Pauses before a source is opened again by itself; recovery is the supervisor's, by `reconnect`, and opens it at once. */
export interface RetryTimes {
  readonly firstMs: number;
  readonly longestMs: number;
  /** After a refusal: who asks again and again with a wrong password is locked out. */
  readonly refusedMs: number;
}

export const RETRY_TIMES: RetryTimes = { firstMs: 1000, longestMs: 30_000, refusedMs: 30_000 };

export interface RetryPace {
  /** Milliseconds until the next attempt. */
  afterFailure(isRefused: boolean): number;
  /** It works: the next failure is a first one. */
  worked(): void;
}

export function createRetryPace({ firstMs, longestMs, refusedMs }: RetryTimes): RetryPace {
  const first = new ExponentialBackoff({ generator: noJitterGenerator, initialDelay: firstMs, maxDelay: longestMs });
  let step: IBackoff<unknown> | undefined;
  return {
    afterFailure(isRefused) {
      step = step === undefined ? first.next() : step.next(undefined);
      return isRefused ? refusedMs : step.duration;
    },
    worked() {
      step = undefined;
    },
  };
}
