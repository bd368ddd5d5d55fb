import type { RunningProcess } from './launch-process.ts';

/** How long a process may take from its start to its readiness. A loaded machine starts slowly; an ill process ends by itself. */
export const READY_LIMIT_MS = 30_000;

/** A parked service listens and never gets ready; the others say both at once. */
const SERVES = new Set<unknown>(['listening', 'ready']);

/** The skeleton of every service sends `{ type: 'listening' }` and `{ type: 'ready' }` over IPC. */
export const whenItSendsReady = (running: RunningProcess, signal: AbortSignal): Promise<void> =>
  announcement(signal, 'did not listen', (announce) =>
    running.onMessage((message) => {
      if (typeof message === 'object' && message !== null && 'type' in message && SERVES.has(message.type)) announce();
    }),
  );

/** The simulators print one JSON line with `"ready":true`. */
export const whenItPrintsReady = (running: RunningProcess, signal: AbortSignal): Promise<void> =>
  announcement(signal, 'printed no line with "ready":true', (announce) =>
    running.onLine((line) => {
      if (/^\{.*"ready":\s*true/.test(line)) announce();
    }),
  );

function announcement(signal: AbortSignal, what: string, listen: (announce: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`${what} within ${READY_LIMIT_MS / 1000} s; its log file tells why`)),
      READY_LIMIT_MS,
    );
    const settle = (done: () => void) => () => {
      clearTimeout(limit);
      done();
    };
    const abandon = () => reject(signal.reason);
    signal.addEventListener('abort', settle(abandon), { once: true });
    listen(settle(resolve));
  });
}
