import type { Clock } from '@understudy/shared/service';

/** Often enough for pacing and leases of a second or more, too seldom to cost the game anything. */
export const BEAT_MS = 100;

/**
 * Calls `beat` every BEAT_MS until the signal aborts. A beat that throws does not end the pulse; the first of each run of
 * failing beats is handed to `onError`.
 * @returns resolves when the last beat is over
 */
export async function runPulse(
  clock: Clock,
  signal: AbortSignal,
  beat: () => void,
  onError: (error: unknown) => void,
): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    try {
      beat();
      isFailing = false;
    } catch (error) {
      if (!isFailing) onError(error);
      isFailing = true;
    }
    await clock.sleep(BEAT_MS, signal).catch(() => undefined);
  }
}
