import type { ProcessorTime } from './read-processor-time.ts';

export interface Look {
  /** The main thread's counter. */
  readonly beats: number;
  /** Monotonic milliseconds. */
  readonly now: number;
  /** The main thread's; `undefined` where the system does not tell: then it is taken to have had all the time. */
  readonly processor: ProcessorTime | undefined;
}

export interface StallDetector {
  /** @returns for how long the main thread has made no progress, in milliseconds that it had for that */
  look(at: Look): number;
}

/** How much of a gap the main thread could use, in milliseconds; below 0 where it is told only now that it waited in gaps before. */
function hadOf(gapMs: number, before: ProcessorTime | undefined, now: ProcessorTime | undefined): number {
  if (before === undefined || now === undefined) return gapMs;
  // Of one that waits still nobody tells for how long: only what it ran is certain.
  if (now.isRunnable) return Math.min(gapMs, now.ranMs - before.ranMs);
  return gapMs - (now.waitedMs - before.waitedMs);
}

/**
 * What proves nothing about the main thread does not count: time in which the looker did not run either (a suspended laptop, a stopped process;
 * of a gap between two looks at most `2 * pollMs` count), and time in which the main thread got no processor (a game that takes them all:
 * to start anew would take more). Nothing counts before the first beat: a start may load modules for longer than the threshold.
 */
export function createStallDetector(pollMs: number): StallDetector {
  let last: Look = { beats: 0, now: 0, processor: undefined };
  let stalledMs = 0;

  return {
    look(at) {
      const hadMs = hadOf(Math.min(at.now - last.now, 2 * pollMs), last.processor, at.processor);
      const progress = at.beats !== last.beats || at.beats === 0;
      stalledMs = progress ? 0 : Math.max(0, stalledMs + hadMs);
      last = at;
      return stalledMs;
    },
  };
}
