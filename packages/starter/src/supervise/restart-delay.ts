export interface RestartPolicy {
  /** Delay of the first restart in a row; servers and services differ only in this. */
  readonly firstDelayMs: number;
  /** Delay of the second (of the first, where that one is not 0); doubles from there. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** Having run for so long, the next end counts as the first again. */
  readonly stableAfterMs: number;
}

const BACKOFF = { initialDelayMs: 100, maxDelayMs: 10_000, stableAfterMs: 10_000 };

/** A service whose event loop was blocked must run again at once; how often it may is the supervisor's to count. */
export const SERVICE_RESTARTS: RestartPolicy = { ...BACKOFF, firstDelayMs: 0 };
export const SERVER_RESTARTS: RestartPolicy = { ...BACKOFF, firstDelayMs: BACKOFF.initialDelayMs };

/**
 * How long to wait before the next start, in ms.
 * @param endsInARow ends before this one that came before the process was stable
 */
export function restartDelayMs(policy: RestartPolicy, endsInARow: number): number {
  if (endsInARow === 0) return policy.firstDelayMs;
  const doublings = policy.firstDelayMs === 0 ? endsInARow - 1 : endsInARow;
  return Math.min(policy.initialDelayMs * 2 ** Math.min(doublings, 30), policy.maxDelayMs);
}
