import { readFileSync } from 'node:fs';

const NS_PER_MS = 1e6;

/**
 * For how long a thread could have run and got no processor since it began, in milliseconds. From /proc/PID/task/TID/schedstat (Linux: sched-stats).
 * @returns `undefined` where the system does not tell, or the thread is gone
 */
export function readRunDelay(pid: number, thread: number | string): number | undefined {
  try {
    const [, delayNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return Number(delayNs) / NS_PER_MS;
  } catch {
    return undefined;
  }
}
