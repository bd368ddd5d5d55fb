import {
  appendFileSync,
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
  /** What is added afterwards goes to the file for the next process. */
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
  /** The disk takes nothing: told once until it does again. Entries wait in memory meanwhile. */
  readonly onWriteError?: (error: unknown) => void;
}

/** Above this size a file whose lines are mostly sent is written anew. */
const COMPACT_BYTES = 4 * 1024 * 1024;

const isEntry = (value: unknown): value is { id: string } =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' && 'value' in value;

function parseEntry<T>(line: string): OutboxEntry<T> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return isEntry(parsed) ? (parsed as OutboxEntry<T>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What must reach JetStream, kept in a file of JSON lines until it has: through a time without NATS and through the end of the process.
 * Entries keep their first ids, so that whoever consumes them can ignore what it has seen.
 */
export function createOutbox<T>(options: OutboxOptions<T>): Outbox<T> {
  const { file } = options;
  mkdirSync(dirname(file), { recursive: true });
  const waiting = new Map<string, OutboxEntry<T>>();
  let unwritten: OutboxEntry<T>[] = [];
  let flushing: Promise<void> | undefined;
  let scheduled = false;
  let closed = false;
  let compactAbove = COMPACT_BYTES;
  let diskFails = false;

  const wait = (entry: OutboxEntry<T>) => {
    waiting.set(entry.id, entry);
    const oldest = waiting.size > options.maxEntries ? waiting.values().next().value : undefined;
    if (!oldest) return;
    waiting.delete(oldest.id);
    options.onDropped?.(oldest);
  };
  const stored = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (const line of stored.split('\n')) {
    if (!line) continue;
    const entry = parseEntry<T>(line);
    if (entry) wait(entry);
    else options.onUnreadable?.(line);
  }
  let fd = openSync(file, 'a', 0o600);
  /** The file ends within a line, cut by a crash or a full disk: it must not swallow the next one. */
  let cut = stored !== '' && !stored.endsWith('\n');

  const lineOf = (entry: OutboxEntry<T>) => `${JSON.stringify(entry)}\n`;
  const onDisk = (work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!diskFails) options.onWriteError?.(error);
      diskFails = true;
    }
  };
  const write = () => {
    unwritten = unwritten.filter(({ id }) => waiting.has(id));
    if (unwritten.length === 0) return;
    onDisk(() => {
      const lines = Buffer.from(`${cut ? '\n' : ''}${unwritten.map(lineOf).join('')}`);
      const bytes = writeSync(fd, lines);
      cut = bytes < lines.length;
      if (cut) throw new Error(`${file} took ${bytes} of ${lines.length} bytes`);
      unwritten = [];
      diskFails = false;
    });
  };
  const rewrite = () => {
    const lines = [...waiting.values()].map(lineOf).join('');
    writeFileSync(`${file}.tmp`, lines, { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
    const next = openSync(file, 'a', 0o600);
    closeSync(fd);
    fd = next;
    cut = false;
    // Doubling: a long outage must not have the whole file written again at each new entry.
    compactAbove = Math.max(COMPACT_BYTES, 2 * fstatSync(fd).size);
  };
  const compact = () =>
    onDisk(() => {
      if (waiting.size === 0) {
        ftruncateSync(fd, 0);
        cut = false;
        compactAbove = COMPACT_BYTES;
      } else if (fstatSync(fd).size >= compactAbove) rewrite();
    });
  const sendAll = async () => {
    for (const entry of [...waiting.values()]) {
      if (!waiting.has(entry.id)) continue;
      await options.send(entry);
      waiting.delete(entry.id);
    }
  };
  const flush = async (): Promise<void> => {
    flushing ??= sendAll().finally(() => {
      flushing = undefined;
      if (closed) return;
      write();
      compact();
    });
    await flushing;
  };
  const attempt = async (): Promise<void> => {
    try {
      while (waiting.size > 0 && !closed) await flush();
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
      if (closed) return onDisk(() => appendFileSync(file, lineOf(entry), { mode: 0o600 }));
      unwritten.push(entry);
      wait(entry);
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        if (closed) return;
        write();
        void attempt();
      });
    },
    close() {
      if (closed) return;
      process.off('exit', write);
      write();
      compact();
      closed = true;
      closeSync(fd);
    },
  };
}
