export interface StallDetector {
  /**
   * One look at the counter.
   * @param beats the main thread's counter
   * @param now monotonic milliseconds
   * @returns for how long the main thread has made no progress, in milliseconds of time in which the looker itself ran
   */
  look(beats: number, now: number): number;
}

/**
 * Time in which the looker did not run either (a suspended laptop, a stopped process, a starved machine) proves nothing
 * about the main thread: of a gap between two looks at most `2 * pollMs` counts.
 * Nothing counts before the first beat: a start may load modules for longer than the threshold.
 */
export function createStallDetector(pollMs: number): StallDetector {
  let lastBeats = 0;
  let lastLook = 0;
  let stalledMs = 0;

  return {
    look(beats, now) {
      const gapMs = now - lastLook;
      const progress = beats !== lastBeats || beats === 0;
      stalledMs = progress ? 0 : stalledMs + Math.min(gapMs, 2 * pollMs);
      lastBeats = beats;
      lastLook = now;
      return stalledMs;
    },
  };
}
