import type { IBackoff, IBackoffFactory } from 'cockatiel';

export interface AttemptPacePolicy {
  /** Pauses before the attempts of the budget, the first included. */
  readonly quick: IBackoffFactory<unknown>;
  /** How many attempts the budget has; `Infinity` where nothing is given up. */
  readonly budget: number;
  /** Pauses between single attempts once the budget is spent. */
  readonly rest: IBackoffFactory<unknown>;
  /** What works for so long is whole again: budget and pauses begin anew. */
  readonly settledAfterMs: number;
}

/** When to try again, and how often. Time is an argument; nothing here waits. */
export interface AttemptPace {
  /** While it is broken: whether an attempt is due now. A yes is counted as that attempt. */
  isDue(now: number): boolean;
  /** While it works. */
  works(now: number): void;
  attempts(): number;
}

export function createAttemptPace({ quick, budget, rest, settledAfterMs }: AttemptPacePolicy): AttemptPace {
  let attempts = 0;
  let quickStep: IBackoff<unknown> | undefined;
  let restStep: IBackoff<unknown> | undefined;
  let notBefore: number | undefined;
  let worksSince: number | undefined;

  function nextPauseMs(): number {
    if (attempts < budget) {
      quickStep = (quickStep ?? quick).next(undefined);
      return quickStep.duration;
    }
    restStep = (restStep ?? rest).next(undefined);
    return restStep.duration;
  }

  return {
    isDue(now) {
      worksSince = undefined;
      notBefore ??= now + nextPauseMs();
      if (now < notBefore) return false;
      attempts += 1;
      notBefore = now + nextPauseMs();
      return true;
    },
    works(now) {
      worksSince ??= now;
      if (now - worksSince < settledAfterMs) return;
      attempts = 0;
      quickStep = undefined;
      restStep = undefined;
      notBefore = undefined;
    },
    attempts: () => attempts,
  };
}
