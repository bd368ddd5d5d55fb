import { readdirSync } from 'node:fs';
import { readProcessorTime } from '@understudy/shared/service';

/** For how long each thread of a process could have run and got no processor, in milliseconds, by thread id. */
export type RunDelays = ReadonlyMap<string, number>;

/** @returns nothing where the system does not tell, or the process is gone */
export function readRunDelays(pid: number | undefined): RunDelays {
  const delays = new Map<string, number>();
  for (const thread of threadsOf(pid)) {
    const waitedMs = readProcessorTime(Number(pid), thread)?.waitedMs;
    if (waitedMs !== undefined) delays.set(thread, waitedMs);
  }
  return delays;
}

function threadsOf(pid: number | undefined): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Of the thread that waited longest: an answer may hang on any of them. */
export const longestDelay = (before: RunDelays, after: RunDelays): number =>
  Math.max(0, ...[...after].map(([thread, delayMs]) => delayMs - (before.get(thread) ?? delayMs)));
