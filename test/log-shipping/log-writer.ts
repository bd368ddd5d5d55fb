import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@understudy/shared/telemetry';

export interface LogWriter {
  readonly service: string;
  readonly file: string;
  /** Further lines, numbered on from 1. Their clock stands at `at` (epoch milliseconds) and moves 1 ms a line. */
  write(count: number, at: number): void;
  written(): number;
  /** How often the file was rotated. */
  rotations(): number;
  close(): void;
}

/** Numbered lines by a service's own logger: some 320 bytes each, files of `maxSizeBytes`. */
export function createLogWriter(service: string, directory: string, maxSizeBytes: number): LogWriter {
  const file = join(directory, `${service}.log`);
  let number = 0;
  let now = 0;
  const logger = createLogger({
    service,
    version: '0.0.0',
    level: 'DEBUG',
    directory,
    console: 'off',
    maxSizeBytes,
    sessionId: 'test',
    folding: { burst: Number.MAX_SAFE_INTEGER, windowMs: 1000 },
    now: () => now,
  });
  let inode = statSync(file).ino;
  let rotations = 0;
  return {
    service,
    file,
    write(count, at) {
      now = at;
      for (let line = 0; line < count; line += 1) {
        number += 1;
        now += 1;
        logger[number % 10 === 0 ? 'warning' : 'info']('Numbered', { context: { number, filler: 'x'.repeat(100) } });
        const { ino } = statSync(file);
        if (ino !== inode) rotations += 1;
        inode = ino;
      }
    },
    written: () => number,
    rotations: () => rotations,
    close: () => logger.close(),
  };
}
