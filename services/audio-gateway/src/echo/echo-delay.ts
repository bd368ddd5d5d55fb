import { BANDS } from './band-powers.ts';
import { STEP_MS } from './loudness-track.ts';
import { at, type InRooms, USUAL_ROOM } from './rooms.ts';

/** What was heard so long ago counts half: long enough for some syllables. */
const HALF_LIFE_MS = 1500;
/** What is quieter cannot be told from silence, be it heard or played. */
const QUIETEST_DB = -75;
/** Less than half a second follows anything at some delay. */
export const LEAST_STEPS = 30;

export interface EchoDelay {
  /** In steps. */
  readonly delay: number;
  /** How closely the levels in the bands follow what was played then: -1 to 1. */
  readonly likeness: number;
}

const sumsOf = (delays: number) => new Float64Array(delays * BANDS);

/**
 * At which delay what is heard follows best what was played: for each delay the covariance of the levels, summed over the bands, step
 * by step, what is past fading away.
 * @returns takes the levels of a step and what was played so many steps earlier: undefined where the bot had not begun, which is left
 * out, as two who begin after a silence are alike in that only
 */
export function createEchoDelay(
  delays: number,
): (heard: Float64Array, played: (delay: number) => InRooms | undefined) => EchoDelay {
  const keep = 0.5 ** (STEP_MS / HALF_LIFE_MS);
  const [x, y, xx, yy, xy] = [sumsOf(delays), sumsOf(delays), sumsOf(delays), sumsOf(delays), sumsOf(delays)];
  const counts = new Float64Array(delays);

  const take = (delay: number, heard: Float64Array, played: InRooms) => {
    counts[delay] = (counts[delay] ?? 0) * keep + 1;
    for (let band = 0; band < BANDS; band += 1) {
      const index = delay * BANDS + band;
      const one = Math.max(QUIETEST_DB, heard[band] ?? 0);
      const other = Math.max(QUIETEST_DB, played[at(USUAL_ROOM, band)] ?? 0);
      x[index] = (x[index] ?? 0) * keep + one;
      y[index] = (y[index] ?? 0) * keep + other;
      xx[index] = (xx[index] ?? 0) * keep + one * one;
      yy[index] = (yy[index] ?? 0) * keep + other * other;
      xy[index] = (xy[index] ?? 0) * keep + one * other;
    }
  };

  const likenessAt = (delay: number): number => {
    const count = counts[delay] ?? 0;
    if (count < LEAST_STEPS) return -1;
    let [spreadX, spreadY, together] = [0, 0, 0];
    for (let index = delay * BANDS; index < (delay + 1) * BANDS; index += 1) {
      const sumX = x[index] ?? 0;
      const sumY = y[index] ?? 0;
      spreadX += (xx[index] ?? 0) - (sumX * sumX) / count;
      spreadY += (yy[index] ?? 0) - (sumY * sumY) / count;
      together += (xy[index] ?? 0) - (sumX * sumY) / count;
    }
    // Below 1 dB of change in all there is nothing to follow.
    return spreadX < count || spreadY < count ? 0 : together / Math.sqrt(spreadX * spreadY);
  };

  return (heard, played) => {
    let best = 0;
    let closest = -1;
    for (let delay = 0; delay < delays; delay += 1) {
      const then = played(delay);
      if (then === undefined) continue;
      take(delay, heard, then);
      const likeness = likenessAt(delay);
      if (likeness <= closest) continue;
      best = delay;
      closest = likeness;
    }
    return { delay: best, likeness: closest };
  };
}
