import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks at the event loop (each wakes the process); also what the histogram adds to each delay. */
const RESOLUTION_MS = 100;
const NS_PER_MS = 1e6;

export interface EventLoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * How late the event loop was since the last `sample()`; call it once per heartbeat.
 * A delay that begins within 100 ms of a sample is not seen: the histogram needs a first look to measure from.
 */
export function createEventLoopDelaySampler(): { sample(): EventLoopDelay; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const delayMs = (nanoseconds: number): number => Math.max(0, nanoseconds / NS_PER_MS - RESOLUTION_MS);

  return {
    sample() {
      // An empty histogram answers with at most 511 ns, which is 0 ms here.
      const delay = {
        p50Ms: delayMs(histogram.percentile(50)),
        p99Ms: delayMs(histogram.percentile(99)),
        maxMs: delayMs(histogram.max),
      };
      histogram.reset();
      return delay;
    },
    stop() {
      histogram.disable();
    },
  };
}
