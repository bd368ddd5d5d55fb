/** What was to be played, and how long it took, without the time in which nothing was there to play. */
export interface Played {
  readonly givenMs: number;
  readonly playedMs: number;
}

export interface PlaybackMeter {
  /** Sound arrived for the output. @param seconds of it */
  handOver(seconds: number, now: number): void;
  /** The first sound is out, where that is known: what the output took to wake up does not count. */
  begin(now: number): void;
  /** The output has played all. @param playedSeconds what it really sent, where that is known */
  end(now: number, playedSeconds?: number): Played;
}

/** Timers and processes of a busy machine are late by so much without harm. */
const TOLERANCE_MS = 500;
const TOLERANCE_SHARE = 0.1;

/** Compares with an ideal output, which plays each piece as soon as it is there and the one before has ended. */
export function createPlaybackMeter(): PlaybackMeter {
  let givenMs = 0;
  let idealEnd: number | undefined;
  let hasBegun = false;
  return {
    handOver(seconds, now) {
      givenMs += seconds * 1000;
      idealEnd = Math.max(idealEnd ?? now, now) + seconds * 1000;
    },
    begin(now) {
      // Only once: an output that ran dry begins again, and has played what came before.
      if (!hasBegun) idealEnd = now + givenMs;
      hasBegun = true;
    },
    end(now, playedSeconds) {
      const byClock = givenMs + now - (idealEnd ?? now);
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
