import { BANDS } from './band-powers.ts';
import { createFadingHistogram } from './fading-histogram.ts';
import { STEP_MS } from './loudness-track.ts';
import { at, type InRooms, LONGEST_ROOM, ROOMS } from './rooms.ts';

const HALF_LIFE_MS = 10_000;
/** What is so much quieter than the bot's loudest in a band tells nothing of the way. */
const LOUD_DB = 20;
const LOUDEST_FALLS_DB = 0.02;
/** What is heard of an echo lies so far above its usual level by chance: this, or more than its usual spread, whichever is more. */
const MARGIN_DB = 2;
const MARGIN_SPREADS = 1.6;
/** Of the levels, the usual one, and the one below which a person who speaks too changes nothing: he only adds. */
const USUAL = 0.5;
const LOW = 0.16;
/** Fewer steps say nothing; after so many more a conclusion is drawn again. */
const LEAST_STEPS = 20;

export interface EchoPath {
  /** What was heard, of which much or all is the bot's own sound, played as in `played`. */
  learn(heard: Float64Array, played: InRooms): void;
  isKnown(): boolean;
  /** By how many dB the bands lie above their usual level. */
  excess(heard: Float64Array, played: InRooms): (band: number) => number;
  /** By how many dB a band is louder than the bot's own sound explains; 0 where it is not. */
  unexplained(heard: Float64Array, played: InRooms): (band: number) => number;
}

/** How loud the bot's own sound comes back in each band, and from which kind of room: learned from what was heard. */
export function createEchoPath(): EchoPath {
  const gains = Array.from({ length: ROOMS * BANDS }, () => createFadingHistogram(HALF_LIFE_MS / STEP_MS));
  const loudest = new Float64Array(BANDS).fill(-60);
  let steps = 0;
  let room = 0;
  let usual: readonly number[] = [];
  let limits: readonly number[] = [];

  const gainOf = (which: number, band: number, share: number): number => gains[at(which, band)]?.quantile(share) ?? 0;
  const spreadOf = (which: number, band: number) => gainOf(which, band, USUAL) - gainOf(which, band, LOW);

  /** The room is the one from which the levels differ least. */
  const conclude = () => {
    const spreads = Array.from({ length: ROOMS }, (_, which) =>
      Array.from({ length: BANDS }, (_, band) => spreadOf(which, band)),
    );
    const sums = spreads.map((bands) => bands.reduce((sum, spread) => sum + spread, 0));
    room = sums.indexOf(Math.min(...sums));
    usual = Array.from({ length: BANDS }, (_, band) => gainOf(room, band, USUAL));
    limits = usual.map((level, band) => level + Math.max(MARGIN_DB, MARGIN_SPREADS * (spreads[room]?.[band] ?? 0)));
  };

  return {
    learn(heard, played) {
      for (let band = 0; band < BANDS; band += 1) {
        const level = played[at(LONGEST_ROOM, band)] ?? 0;
        loudest[band] = Math.max((loudest[band] ?? 0) - LOUDEST_FALLS_DB, level);
        if (level < (loudest[band] ?? 0) - LOUD_DB) continue;
        for (let which = 0; which < ROOMS; which += 1) {
          gains[at(which, band)]?.add((heard[band] ?? 0) - (played[at(which, band)] ?? 0));
        }
      }
      steps += 1;
      if (steps % LEAST_STEPS === 0) conclude();
    },
    isKnown: () => steps >= LEAST_STEPS,
    excess: (heard, played) => (band) => (heard[band] ?? 0) - (played[at(room, band)] ?? 0) - (usual[band] ?? 0),
    unexplained: (heard, played) => (band) =>
      Math.max(0, (heard[band] ?? 0) - (played[at(room, band)] ?? 0) - (limits[band] ?? 0)),
  };
}
