import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLineSplitter } from './line-splitter.ts';

/** VRChat names its logs by their beginning, so that names sort by time; a file's times lag while Windows has it open. */
const LOG_NAME = /^output_log_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.txt$/;

/** A log of an evening has gigabytes at the worst (VRCOSC#166): only so much is ever read at once. */
export const MAX_READ_BYTES = 256 * 1024;

/**
 * What a look at the log brought.
 * `started`: another file than at the last look, or it was cut: VRChat has started. `grew`: more was written since the last look.
 */
export interface LogLook {
  readonly file: string | undefined;
  readonly started: boolean;
  readonly grew: boolean;
  readonly lines: readonly string[];
}

/** Follows the newest of VRChat's logs. Never throws. */
export interface LogTail {
  look(folder: string): Promise<LogLook>;
}

const NOTHING: LogLook = { file: undefined, started: false, grew: false, lines: [] };

async function newestLog(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => LOG_NAME.test(name))
    .sort()
    .at(-1);
}

export function createLogTail(): LogTail {
  const splitter = createLineSplitter();
  let following: { readonly path: string; readonly offset: number } | undefined;

  /**
   * From `offset` on; of a log that is longer than two reads, its beginning, where the OSCQuery port stands, and its end.
   * @returns the lines and where the next look goes on
   */
  const readFrom = async (
    path: string,
    offset: number,
  ): Promise<{ lines: string[]; offset: number; grew: boolean }> => {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const take = async (from: number): Promise<{ lines: string[]; end: number }> => {
        const length = Math.min(MAX_READ_BYTES, size - from);
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
        return { lines: splitter.push(buffer.subarray(0, bytesRead)), end: from + bytesRead };
      };
      const start = size < offset ? 0 : offset;
      if (start !== offset) splitter.reset();
      if (size === start) return { lines: [], offset: size, grew: false };
      const first = await take(start);
      const last = Math.max(first.end, size - MAX_READ_BYTES);
      if (last === size) return { lines: first.lines, offset: first.end, grew: true };
      if (last > first.end) splitter.resync();
      const more = await take(last);
      return { lines: [...first.lines, ...more.lines], offset: more.end, grew: true };
    } finally {
      await file.close();
    }
  };

  return {
    async look(folder) {
      const name = await newestLog(folder);
      if (name === undefined) {
        following = undefined;
        return NOTHING;
      }
      const path = join(folder, name);
      const before = following?.path === path ? following.offset : undefined;
      if (before === undefined) splitter.reset();
      try {
        const { lines, offset, grew } = await readFrom(path, before ?? 0);
        following = { path, offset };
        const wasCut = before !== undefined && offset < before;
        return { file: name, started: before === undefined || wasCut, grew: before !== undefined && grew, lines };
      } catch {
        // It vanished between the two calls, or may not be read: the next look tries again.
        return NOTHING;
      }
    },
  };
}
