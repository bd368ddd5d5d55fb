import { setTimeout as sleep } from 'node:timers/promises';

/** A failing source is asked once a second, whatever the rate of frames. */
export const RETRY_MS = 1000;

export interface Polling {
  start(): void;
  stop(): void;
}

/**
 * Calls `poll` again and again, never two at a time.
 * @param poll resolves to the milliseconds until the next call; must not reject
 */
export function createPolling(poll: (signal: AbortSignal) => Promise<number>): Polling {
  let stopping = new AbortController();

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = await poll(signal);
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  return {
    start() {
      stopping.abort();
      stopping = new AbortController();
      void run(stopping.signal);
    },
    stop: () => stopping.abort(),
  };
}
