import type { Clock } from '@understudy/shared/service';

export interface HotPlug {
  /** A device came or went. */
  happened(): void;
  /** Ends with the time, the signal or the next happening. */
  awaitChange(clock: Pick<Clock, 'sleep'>, ms: number, signal: AbortSignal): Promise<void>;
}

/** Shortens a wait for the next look at the devices. */
export function createHotPlug(): HotPlug {
  const waiting = new Set<AbortController>();
  return {
    happened() {
      for (const wait of waiting) wait.abort();
    },
    async awaitChange(clock, ms, signal) {
      const wait = new AbortController();
      waiting.add(wait);
      await clock.sleep(ms, AbortSignal.any([wait.signal, signal])).catch(() => {});
      waiting.delete(wait);
    },
  };
}
