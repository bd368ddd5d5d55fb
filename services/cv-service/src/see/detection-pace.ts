/** The models may take so much of their period; the rest is the game's. */
const LARGEST_SHARE = 0.25;
/** A period that is used less than this may be shortened again: half of the largest share would be all of it at twice the pace. */
const SMALL_SHARE = LARGEST_SHARE / 2.5;
const LONGEST_PERIOD_MS = 60_000;

/** When pictures are shown to the models. Times are milliseconds of any clock. */
export interface DetectionPace {
  readonly periodMs: number;
  readonly notBefore: number;
}

export const isDue = ({ notBefore }: DetectionPace, now: number): boolean => now >= notBefore;

export const firstPace = (maxFps: number): DetectionPace => ({ periodMs: 1000 / maxFps, notBefore: 0 });

/**
 * Half the pace after a look that took more than its share, or was late; twice, up to the configured one, after one that took little.
 * @param startedAt when the look began
 */
export function paceAfter(
  { periodMs }: DetectionPace,
  look: { readonly startedAt: number; readonly tookMs: number; readonly isLate: boolean },
  maxFps: number,
): DetectionPace {
  const shortestMs = 1000 / maxFps;
  const share = look.tookMs / periodMs;
  const wantedMs = look.isLate || share > LARGEST_SHARE ? periodMs * 2 : share < SMALL_SHARE ? periodMs / 2 : periodMs;
  const next = Math.max(shortestMs, Math.min(LONGEST_PERIOD_MS, wantedMs));
  return { periodMs: next, notBefore: look.startedAt + next };
}
