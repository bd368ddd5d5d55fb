import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessSample {
  /** Milliseconds since the beginning of the soak. */
  readonly atMs: number;
  readonly pid: number;
  /** Anonymous memory, its share of what is shared. */
  readonly bytes: number;
  readonly files: number;
  readonly threads: number;
}

/** @returns undefined when it has just ended */
export function sampleProcess(pid: number, atMs: number): ProcessSample | undefined {
  try {
    const memory = /^Pss_Anon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    if (memory === undefined) return undefined;
    return {
      atMs,
      pid,
      bytes: Number(memory) * 1024,
      files: readdirSync(`/proc/${pid}/fd`).length,
      threads: readdirSync(`/proc/${pid}/task`).length,
    };
  } catch {
    return undefined;
  }
}
