/** Less time than this is no fair question to a model. */
const LEAST_MS = 500;

export interface TimeLeft {
  /** Until the turn's deadline. */
  readonly remainingMs: number;
  /** Kept for the rungs below the providers (llm.last_rungs_reserve_ms). */
  readonly reserveMs: number;
  /** This provider and those after it. */
  readonly providersLeft: number;
  readonly firstTokenTimeoutMs: number;
}

/**
 * How long a provider may be silent at first, so that those after it still get their turn and the last rung answers in time.
 * @returns milliseconds; `undefined` when it is too late to ask it
 */
export function shareTime({
  remainingMs,
  reserveMs,
  providersLeft,
  firstTokenTimeoutMs,
}: TimeLeft): number | undefined {
  const share = (remainingMs - reserveMs) / Math.max(1, providersLeft);
  if (share < Math.min(LEAST_MS, firstTokenTimeoutMs)) return undefined;
  return Math.min(firstTokenTimeoutMs, Math.floor(share));
}
