/** What was to be played, and how long it took, without the time in which nothing was there to play. */
export interface Played {
  readonly givenMs: number;
  readonly playedMs: number;
}

export interface PlaybackMeter {
  /** Sound arrived for the output. @param seconds of it */
  handOver(seconds: number, now: number): void;
  /** The first sound is out, where that is told: what the output took to wake up does not count. */
  begin(now: number): void;
  /** It said just now that it still plays, where that is told. */
  goesOn(now: number): void;
  /** The output has played all. @param playedSeconds what it really sent, where that is known */
  end(now: number, playedSeconds?: number): Played;
}

/** Timers and processes of a busy machine are late by so much without harm. */
const TOLERANCE_MS = 500;
const TOLERANCE_SHARE = 0.1;

/**
 * Compares with an ideal output, which plays each piece as soon as it is there and the one before has ended. What an output tells may be
 * read late on a busy machine: it began between the hand-over and the word of its begin, and ended between its last word and that of its
 * end. Only what is too short or too long in any case counts.
 */
export function createPlaybackMeter(): PlaybackMeter {
  let givenMs = 0;
  /** When an ideal output ends that begins with the hand-over, and one that began when that was told. */
  let earliestEnd: number | undefined;
  let latestEnd: number | undefined;
  let hasBegun = false;
  let lastWordAt: number | undefined;
  return {
    handOver(seconds, now) {
      givenMs += seconds * 1000;
      earliestEnd = Math.max(earliestEnd ?? now, now) + seconds * 1000;
      latestEnd = Math.max(latestEnd ?? now, now) + seconds * 1000;
    },
    begin(now) {
      // Only once: an output that ran dry begins again, and has played what came before.
      if (!hasBegun) latestEnd = now + givenMs;
      hasBegun = true;
    },
    goesOn(now) {
      lastWordAt = now;
    },
    end(now, playedSeconds) {
      const longest = givenMs + now - (earliestEnd ?? now);
      const shortest = givenMs + (lastWordAt ?? now) - (latestEnd ?? now);
      const byClock = Math.max(shortest, Math.min(givenMs, longest));
      const missing = playedSeconds === undefined ? 0 : givenMs - playedSeconds * 1000;
      return {
        givenMs: Math.round(givenMs),
        playedMs: Math.round(missing > TOLERANCE_MS ? givenMs - missing : byClock),
      };
    },
  };
}

/** More than 10 % and more than half a second too short or too long. */
export function isIncomplete({ givenMs, playedMs }: Played): boolean {
  const difference = Math.abs(playedMs - givenMs);
  return difference > TOLERANCE_MS && difference > givenMs * TOLERANCE_SHARE;
}
