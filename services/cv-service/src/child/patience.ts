import type { Clock } from '@understudy/shared/service';
import { longestDelay, type RunDelays } from './run-delays.ts';

export const HUNG = Symbol('hung');

/** A process that gets no processor for so many of its limits is of no use either. */
const MOST_LIMITS = 4;

/**
 * Waits until the process has had `limitMs` for its answer. What it spent waiting for a processor does not count: beside a game that takes
 * them all it is the last to be served, and to start it anew would take more. The first half of the limit counts as it is, so that an answer
 * in time costs nothing.
 * @param sleep ends early, by a rejection, when its signal aborts
 * @returns the answer, or HUNG
 */
export async function answerInTime<T>(
  answer: Promise<T>,
  limitMs: number,
  readDelays: () => RunDelays,
  sleep: Clock['sleep'],
): Promise<T | typeof HUNG> {
  const answered = new AbortController();
  const pause = (ms: number) => sleep(ms, answered.signal).then((): typeof HUNG => HUNG);
  const stepMs = limitMs / 2;
  let before: RunDelays | undefined;
  let ownMs = 0;
  try {
    for (let passedMs = 0; passedMs < MOST_LIMITS * limitMs && ownMs < limitMs; passedMs += stepMs) {
      const first = await Promise.race([answer, pause(stepMs)]);
      if (first !== HUNG) return first;
      const now = readDelays();
      ownMs += stepMs - Math.min(stepMs, before === undefined ? 0 : longestDelay(before, now));
      before = now;
    }
    return HUNG;
  } finally {
    answered.abort();
  }
}
