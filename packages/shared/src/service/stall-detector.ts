export interface Look {
  /** The main thread's counter. */
  readonly beats: number;
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Milliseconds for which the main thread could have run and got no processor, since it began. */
  readonly waitedMs: number;
}

export interface StallDetector {
  /** @returns for how long the main thread has made no progress, in milliseconds that it had for that */
  look(at: Look): number;
}

/**
 * What proves nothing about the main thread does not count: time in which the looker did not run either (a suspended laptop, a stopped process;
 * of a gap between two looks at most `2 * pollMs` count), and time in which the main thread got no processor (a game that takes them all:
 * to start anew would take more). Nothing counts before the first beat: a start may load modules for longer than the threshold.
 */
export function createStallDetector(pollMs: number): StallDetector {
  let last: Look = { beats: 0, now: 0, waitedMs: 0 };
  let stalledMs = 0;

  return {
    look(at) {
      const gapMs = Math.min(at.now - last.now, 2 * pollMs);
      // Its waiting is told when it is over, perhaps only after the gap in which it waited.
      const hadMs = gapMs - (at.waitedMs - last.waitedMs);
      const progress = at.beats !== last.beats || at.beats === 0;
      stalledMs = progress ? 0 : Math.max(0, stalledMs + hadMs);
      last = at;
      return stalledMs;
    },
  };
}
