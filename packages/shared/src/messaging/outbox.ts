import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface OutboxEntry<T> {
  readonly id: string;
  readonly value: T;
}

export interface Outbox<T> {
  /** Returns at once; on disk before the next turn of the event loop, or before the process ends. */
  add(id: string, value: T): void;
  /** Tries to send what waits; call it when the bus is (again) there. */
  flush(): Promise<void>;
  pending(): number;
  /** What waits, oldest first. */
  entries(): OutboxEntry<T>[];
  close(): void;
}

export interface OutboxOptions<T> {
  readonly file: string;
  /** More waiting ones than this: the oldest is dropped. */
  readonly maxEntries: number;
  /** Resolves when the other side has stored it; rejects when it must be tried again. */
  readonly send: (entry: OutboxEntry<T>) => Promise<void>;
  readonly onDropped?: (entry: OutboxEntry<T>) => void;
  /** A line of a file that was cut by a crash, or by hand. */
  readonly onUnreadable?: (line: string) => void;
}

/** Above this size a file whose lines are mostly sent is written anew. */
const COMPACT_BYTES = 4 * 1024 * 1024;

/**
 * What must reach JetStream, kept in a file of JSON lines until it has: through a time without NATS and through the end of the process.
 * Entries keep their first ids, so that whoever consumes them can ignore what it has seen.
 */
export function createOutbox<T>(options: OutboxOptions<T>): Outbox<T> {
  mkdirSync(dirname(options.file), { recursive: true });
  const waiting = new Map<string, OutboxEntry<T>>();
  let unwritten: OutboxEntry<T>[] = [];
  let flushing: Promise<void> | undefined;
  let scheduled = false;

  for (const line of existsSync(options.file) ? readFileSync(options.file, 'utf8').split('\n') : []) {
    if (!line) continue;
    try {
      const entry = JSON.parse(line) as OutboxEntry<T>;
      waiting.set(entry.id, entry);
    } catch {
      options.onUnreadable?.(line);
    }
  }
  let fd = openSync(options.file, 'a', 0o600);

  const lineOf = (entry: OutboxEntry<T>) => `${JSON.stringify(entry)}\n`;
  const write = () => {
    if (unwritten.length === 0) return;
    const lines = unwritten.map(lineOf).join('');
    unwritten = [];
    writeSync(fd, lines);
  };
  const compact = () => {
    if (waiting.size === 0) return ftruncateSync(fd, 0);
    if (fstatSync(fd).size < COMPACT_BYTES) return;
    writeFileSync(`${options.file}.tmp`, [...waiting.values()].map(lineOf).join(''), { mode: 0o600 });
    closeSync(fd);
    renameSync(`${options.file}.tmp`, options.file);
    fd = openSync(options.file, 'a', 0o600);
  };
  const sendAll = async () => {
    for (const entry of [...waiting.values()]) {
      await options.send(entry);
      waiting.delete(entry.id);
    }
  };
  const flush = async (): Promise<void> => {
    flushing ??= sendAll().finally(() => {
      flushing = undefined;
      write();
      compact();
    });
    await flushing;
  };
  const attempt = async (): Promise<void> => {
    try {
      while (waiting.size > 0) await flush();
    } catch {
      // Tried again at the next entry, the next reconnection or the owner's timer.
    }
  };
  process.on('exit', write);

  return {
    pending: () => waiting.size,
    entries: () => [...waiting.values()],
    flush,
    add(id, value) {
      const entry = { id, value };
      waiting.set(id, entry);
      unwritten.push(entry);
      const oldest = waiting.size > options.maxEntries ? waiting.values().next().value : undefined;
      if (oldest) {
        waiting.delete(oldest.id);
        options.onDropped?.(oldest);
      }
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        write();
        void attempt();
      });
    },
    close() {
      process.off('exit', write);
      write();
      compact();
      closeSync(fd);
    },
  };
}
