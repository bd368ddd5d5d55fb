import { BANDS, type BandPowers, createSmoothing, toDb } from './band-powers.ts';
import { STEP_MS } from './loudness-track.ts';

interface Kind {
  /** Until the sound has fallen by 60 dB. */
  readonly reverberationS: number;
  /** Power of the reverberation over that of the direct sound. */
  readonly share: number;
}

/** From no reverberation to the longest and loudest. */
const KINDS: readonly Kind[] = [
  { reverberationS: 0, share: 0 },
  ...[0.25, 0.4, 0.6].flatMap((reverberationS) => [0.3, 1, 2].map((share) => ({ reverberationS, share }))),
];

export const ROOMS = KINDS.length;
/** Not far from any. */
export const USUAL_ROOM = KINDS.findIndex(({ reverberationS, share }) => reverberationS === 0.25 && share === 1);
/** Where its sound is gone, that of every other room is. */
export const LONGEST_ROOM = ROOMS - 1;
/** dB for each room and band. */
export type InRooms = Float64Array;

export const at = (room: number, band: number): number => room * BANDS + band;

/** What the bot plays, as it would arrive in each of a few rooms: the direct sound, and the reverberation that dies away. */
export function createRooms(): (played: BandPowers) => InRooms {
  const smoothing = createSmoothing();
  const tails = KINDS.map(({ reverberationS, share }, room) => ({
    room,
    share,
    kept: reverberationS === 0 ? 0 : 10 ** ((-6 * STEP_MS) / 1000 / reverberationS),
    powers: new Float64Array(BANDS),
  }));
  let before: BandPowers = new Float64Array(BANDS);
  let longBefore = before;

  return (played) => {
    const now = smoothing(played);
    const arrived = new Float64Array(ROOMS * BANDS);
    for (let band = 0; band < BANDS; band += 1) {
      // The echo's steps do not begin where ours do.
      const direct = ((now[band] ?? 0) + 2 * (before[band] ?? 0) + (longBefore[band] ?? 0)) / 4;
      for (const { room, share, kept, powers } of tails) {
        const tail = (powers[band] ?? 0) * kept + direct * (1 - kept);
        powers[band] = tail;
        arrived[at(room, band)] = toDb(direct + share * tail);
      }
    }
    [longBefore, before] = [before, now];
    return arrived;
  };
}
