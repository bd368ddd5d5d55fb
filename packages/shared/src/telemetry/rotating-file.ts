import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { WriteSync } from './console-output.ts';
import { createLogGenerations, type LogGenerations } from './log-generations.ts';

export interface RotatingFileOptions {
  readonly path: string;
  readonly maxSizeBytes: number;
  /** Older files kept beside the live one. */
  readonly generations: number;
  /** How long a failed output (disk full, folder gone) is left alone before the next try. */
  readonly retryAfterMs?: number;
  /** Milliseconds from any beginning, only ever growing. */
  readonly now?: () => number;
  readonly write?: WriteSync;
  /** Called once for each line that did not, or not wholly, reach the file, and for a failed rotation or compression. */
  readonly onError: (error: unknown) => void;
  /** The file takes lines again after this many were lost. */
  readonly onResumed?: (lost: number) => void;
}

export interface RotatingFile {
  write(line: string): void;
  /** Resolves when no background compression is under way. */
  settled(): Promise<void>;
  close(): void;
}

interface OpenFile {
  readonly state: 'open';
  readonly fd: number;
  size: number;
  /** The file ends within a line. */
  torn: boolean;
  rotateAt: number;
}

type State =
  | OpenFile
  | { readonly state: 'failed'; readonly retryAt: number; lost: number }
  | { readonly state: 'closed' };

/** A rotation that fails (on Windows another program may hold a file) is tried again; until then the file may grow to this. */
const MAX_OVERSIZE = 2;

const NEWLINE = 0x0a;

/** A crash in the middle of a line leaves the file without an end of line; the next line must not be glued to it. */
function endsTorn(fd: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] !== NEWLINE;
}

function openForAppend(path: string, rotateAt: number): OpenFile {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, 'a+');
  const { size } = fstatSync(fd);
  return { state: 'open', fd, size, torn: endsTorn(fd, size), rotateAt };
}

/**
 * Lines to a file, synchronously (a SIGKILL loses none), with generations by size.
 * It never throws: when the file cannot be written the lines are counted as lost, and it tries again after `retryAfterMs`.
 */
export function createRotatingFile(options: RotatingFileOptions): RotatingFile {
  const { path, maxSizeBytes, onError, onResumed = () => {}, retryAfterMs = 30_000 } = options;
  const now = options.now ?? (() => performance.now());
  const write = options.write ?? writeSync;
  let generations: LogGenerations | undefined;
  let current: State = { state: 'failed', retryAt: now(), lost: 0 };

  function open(): OpenFile {
    const file = openForAppend(path, now());
    generations ??= createLogGenerations({ path, count: options.generations, onError });
    return file;
  }

  function rotate(file: OpenFile): OpenFile {
    closeSync(file.fd);
    current = { state: 'failed', retryAt: now(), lost: 0 };
    let rotateAt = now();
    try {
      generations?.shift();
    } catch (error) {
      rotateAt += retryAfterMs;
      onError(error);
    }
    return openForAppend(path, rotateAt);
  }

  function append(file: OpenFile, bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      const written = write(file.fd, bytes, done, bytes.length - done);
      done += written;
      file.size += written;
      file.torn = done < bytes.length;
    }
  }

  function roomFor(file: OpenFile, length: number): OpenFile {
    const size = file.size + length;
    if (file.size === 0 || size <= maxSizeBytes) return file;
    if (now() >= file.rotateAt) return rotate(file);
    if (size > maxSizeBytes * MAX_OVERSIZE) throw new Error(`The log file ${path} is full and cannot be rotated.`);
    return file;
  }

  function fail(error: unknown, lost: number): void {
    if (current.state === 'open') closeSync(current.fd);
    current = { state: 'failed', retryAt: now() + retryAfterMs, lost };
    onError(error);
  }

  /** @param lostBefore lines lost until now; told only once the file has proved that it takes lines */
  function attempt(line: string, lostBefore: number): void {
    try {
      const file = current.state === 'open' ? current : open();
      current = file;
      const bytes = Buffer.from(file.torn ? `\n${line}` : line);
      const target = roomFor(file, bytes.length);
      current = target;
      append(target, bytes);
    } catch (error) {
      fail(error, lostBefore + 1);
      return;
    }
    if (lostBefore > 0) onResumed(lostBefore);
  }

  try {
    current = open();
  } catch (error) {
    fail(error, 0);
  }

  return {
    write(line) {
      if (current.state === 'closed') return;
      if (current.state === 'failed' && now() < current.retryAt) {
        current.lost += 1;
        onError(new Error(`The log file ${path} is not written since an earlier failure.`));
        return;
      }
      attempt(line, current.state === 'failed' ? current.lost : 0);
    },
    async settled() {
      await generations?.settled();
    },
    close() {
      if (current.state === 'open') closeSync(current.fd);
      current = { state: 'closed' };
    },
  };
}
