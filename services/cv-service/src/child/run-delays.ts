import { readdirSync, readFileSync } from 'node:fs';

/** For how long each thread of a process could have run and got no processor, in milliseconds, by thread id. */
export type RunDelays = ReadonlyMap<string, number>;

const NS_PER_MS = 1e6;

/** From /proc/PID/task/TID/schedstat (Linux: sched-stats). @returns nothing where the system does not tell, or the process is gone */
export function readRunDelays(pid: number | undefined): RunDelays {
  const folder = `/proc/${pid}/task`;
  try {
    return new Map(
      readdirSync(folder).map((thread) => {
        const [, delayNs] = readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ');
        return [thread, Number(delayNs) / NS_PER_MS];
      }),
    );
  } catch {
    return new Map();
  }
}

/** Of the thread that waited longest: an answer may hang on any of them. */
export const longestDelay = (before: RunDelays, after: RunDelays): number =>
  Math.max(0, ...[...after].map(([thread, delayMs]) => delayMs - (before.get(thread) ?? delayMs)));
