import { writeSync } from 'node:fs';

export type WriteSync = (fd: number, buffer: Uint8Array, offset: number, length: number) => number;

/** A reader that does not take a line within this time loses it: the event loop must not wait for a paused terminal. */
const MAX_STALL_MS = 20;

const GONE = new Set(['EPIPE', 'EBADF', 'EIO', 'ENXIO']);

export interface ConsoleOutput {
  write(line: string): void;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const sleepSync = (ms: number): void => {
  Atomics.wait(sleeper, 0, 0, ms);
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/**
 * Synchronous lines to a file descriptor (standard output): a SIGKILL loses none that was accepted.
 * A full pipe (EAGAIN) is waited for, briefly and only until one line was lost; a reader that is gone ends the output.
 * @param options.onLost called once for each line that was not, or not wholly, written
 */
export function createConsoleOutput(options: {
  readonly fd?: number;
  readonly write?: WriteSync;
  readonly sleep?: (ms: number) => void;
  readonly onLost: (error: unknown) => void;
}): ConsoleOutput {
  const { fd = 1, write = writeSync, sleep = sleepSync, onLost } = options;
  let state: 'flowing' | 'stalled' | 'gone' = 'flowing';
  let torn = false;

  /** @returns the number of bytes written; fewer than given when the pipe stayed full */
  function push(bytes: Uint8Array): number {
    let done = 0;
    let waitedMs = 0;
    while (done < bytes.length) {
      try {
        done += write(fd, bytes, done, bytes.length - done);
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN') throw error;
        if (state === 'stalled' || waitedMs >= MAX_STALL_MS) return done;
        sleep(1);
        waitedMs += 1;
      }
    }
    return done;
  }

  return {
    write(line) {
      if (state === 'gone') return;
      const bytes = Buffer.from(torn ? `\n${line}` : line);
      try {
        const done = push(bytes);
        const complete = done === bytes.length;
        state = complete ? 'flowing' : 'stalled';
        torn = complete ? false : torn || done > 0;
        if (!complete) onLost(new Error('The console does not read: a line was dropped (EAGAIN).'));
      } catch (error) {
        if (GONE.has(codeOf(error))) state = 'gone';
        onLost(error);
      }
    },
  };
}
