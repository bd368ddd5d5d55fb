import { readFileSync } from 'node:fs';

/** What a thread has had of the processors since it began, in milliseconds. */
export interface ProcessorTime {
  /** On a processor. */
  readonly ranMs: number;
  /** Ready to run, and none was free; a wait is told only when it is over. */
  readonly waitedMs: number;
  /** It runs, or waits for a processor: it does not sleep now. */
  readonly isRunnable: boolean;
}

const NS_PER_MS = 1e6;

/**
 * From /proc/PID/task/TID/schedstat and stat (Linux: sched-stats, proc(5)).
 * @returns `undefined` where the system does not tell, or the thread is gone
 */
export function readProcessorTime(pid: number, thread: number | string): ProcessorTime | undefined {
  try {
    const task = `/proc/${pid}/task/${thread}`;
    const [ranNs, waitedNs] = readFileSync(`${task}/schedstat`, 'utf8').split(' ');
    const stat = readFileSync(`${task}/stat`, 'utf8');
    // The name before the state may hold spaces and brackets.
    const isRunnable = stat.charAt(stat.lastIndexOf(')') + 2) === 'R';
    return { ranMs: Number(ranNs) / NS_PER_MS, waitedMs: Number(waitedNs) / NS_PER_MS, isRunnable };
  } catch {
    return undefined;
  }
}
