import { setTimeout as delay } from 'node:timers/promises';

/** Time as an argument: the real one below, a fake one in shared/testing. */
export interface Clock {
  /** Milliseconds since the epoch; of the monotonic one since anywhere. */
  now(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls once; a tenth of what a sleep costs, for what runs with every call. @returns cancels */
  after(ms: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** For what only compares moments of this process: the system's clock may be set, by an hour and backwards. `now` begins anywhere. */
export const monotonicClock: Clock = { ...systemClock, now: () => performance.now() };
