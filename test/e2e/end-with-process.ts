import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const running = new Set<() => Promise<void>>();

/**
 * Servers are children that outlive their parent: whoever ends a test or a measurement ends what it has started.
 * @param stop ends it at once
 * @returns to be called when it has ended by itself
 */
export function endWithProcess(stop: () => Promise<void>): () => void {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, endAll);
  running.add(stop);
  return () => {
    running.delete(stop);
    if (running.size === 0) for (const signal of SIGNALS) process.off(signal, endAll);
  };
}

let isEnding = false;

function endAll(signal: NodeJS.Signals): void {
  // A terminal and whoever passes it on may both send the same signal: the second changes nothing.
  if (isEnding) return;
  isEnding = true;
  void Promise.allSettled([...running].map((stop) => stop())).then(() => process.exit(128 + constants.signals[signal]));
}
