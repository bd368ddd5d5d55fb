import { ExponentialBackoff, fullJitterGenerator, type IBackoff } from 'cockatiel';

export interface ReconnectPace {
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** Attempts with backoff, then one every `slowProbeMs` for as long as it takes. */
  readonly quickAttempts: number;
  readonly slowProbeMs: number;
}

/** Delay before each attempt, without end. */
export type Delays = () => () => number;

export const reconnectDelays =
  (pace: () => ReconnectPace): Delays =>
  () => {
    const { initialDelayMs: initialDelay, maxDelayMs: maxDelay } = pace();
    const factory = new ExponentialBackoff({ initialDelay, maxDelay, generator: fullJitterGenerator });
    let backoff: IBackoff<unknown> | undefined;
    let attempts = 0;
    return () => {
      attempts += 1;
      if (attempts > pace().quickAttempts) return pace().slowProbeMs;
      backoff = backoff ? backoff.next(undefined) : factory.next();
      return backoff.duration;
    };
  };

export interface SelfRecoveryParts {
  readonly delays: Delays;
  readonly isSupervised: () => boolean;
  readonly isDown: () => boolean;
  readonly reconnect: () => Promise<unknown>;
  /** An attempt begins; `attempt` counts from 1 within one failure. */
  readonly onAttempt: (attempt: number) => void;
  /** The supervisor is back after `attempts` that it did not ask for. */
  readonly onSupervised: (attempts: number) => void;
}

/** Does what the supervisor's `reconnect_retry` would ask, while nobody asks. */
export interface SelfRecovery {
  /** @param now steady milliseconds */
  beat(now: number): void;
}

type Episode = { readonly nextDelay: () => number; readonly dueAt: number; readonly attempts: number };

export function createSelfRecovery(parts: SelfRecoveryParts): SelfRecovery {
  let episode: Episode | undefined;
  let isReconnecting = false;
  let unreported = 0;

  const attempt = async (): Promise<void> => {
    isReconnecting = true;
    try {
      await parts.reconnect();
    } finally {
      isReconnecting = false;
    }
  };

  return {
    beat(now) {
      if (parts.isSupervised()) {
        episode = undefined;
        if (unreported > 0) parts.onSupervised(unreported);
        unreported = 0;
        return;
      }
      if (!parts.isDown()) {
        episode = undefined;
        return;
      }
      if (!episode) {
        const nextDelay = parts.delays();
        episode = { nextDelay, dueAt: now + nextDelay(), attempts: 0 };
      }
      if (isReconnecting || now < episode.dueAt) return;
      const attempts = episode.attempts + 1;
      episode = { ...episode, attempts, dueAt: now + episode.nextDelay() };
      unreported += 1;
      parts.onAttempt(attempts);
      void attempt();
    },
  };
}
