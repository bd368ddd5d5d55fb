import { createReadStream, createWriteStream, existsSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** The newest generation stays uncompressed: the shipper may still be reading it (observability.md, section 2). */
const FIRST_COMPRESSED = 2;

export interface LogGenerations {
  /** Makes room and moves the live file to generation 1. Synchronous: nothing may be written meanwhile. */
  shift(): void;
  /** Resolves when no compression is under way. */
  settled(): Promise<void>;
}

interface Job {
  /** Grows when a shift moves the file that is being compressed. */
  generation: number;
}

/**
 * `app.log` -> `app.log.1` -> `app.log.2.gz` -> ... -> `app.log.COUNT.gz`, the last one dropped.
 * Compression runs in the background, one file at a time, into `.gz.tmp` and renamed when complete; what a crash left
 * is finished at the start.
 * @param options.onError a compression that failed; its file stays uncompressed until the next shift
 */
export function createLogGenerations(options: {
  readonly path: string;
  readonly count: number;
  readonly onError: (error: unknown) => void;
}): LogGenerations {
  const { path, count, onError } = options;
  const plain = (generation: number): string => `${path}.${generation}`;
  const gzipped = (generation: number): string => `${plain(generation)}.gz`;
  const temporary = `${path}.gz.tmp`;
  let job: Job | undefined;
  let running: Promise<void> = Promise.resolve();

  function moveIfThere(from: string, to: string): void {
    if (existsSync(from)) renameSync(from, to);
  }

  function remove(generation: number): void {
    rmSync(plain(generation), { force: true });
    rmSync(gzipped(generation), { force: true });
  }

  /** Generations on disk, also those beyond `count` from a time with a larger one. */
  function present(): number[] {
    const prefix = `${basename(path)}.`;
    return readdirSync(dirname(path))
      .filter((name) => name.startsWith(prefix))
      .map((name) => /^(\d+)(?:\.gz)?$/.exec(name.slice(prefix.length))?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number);
  }

  /** After a crash between rename and removal both forms exist; the compressed one is complete, since it was renamed. */
  function nextToCompress(): number | undefined {
    for (let generation = count; generation >= FIRST_COMPRESSED; generation -= 1) {
      if (!existsSync(plain(generation))) continue;
      if (!existsSync(gzipped(generation))) return generation;
      rmSync(plain(generation));
    }
    return undefined;
  }

  async function compress(fd: number, target: Job): Promise<void> {
    await pipeline(createReadStream('', { fd }), createGzip(), createWriteStream(temporary, { flush: true }));
    if (target.generation > count) {
      rmSync(temporary, { force: true });
      return;
    }
    renameSync(temporary, gzipped(target.generation));
    rmSync(plain(target.generation), { force: true });
  }

  function compressNext(): void {
    if (job !== undefined) return;
    const generation = nextToCompress();
    if (generation === undefined) return;
    const current: Job = { generation };
    job = current;
    // Opened now: a shift before the stream opened it by name would put another file there.
    running = compress(openSync(plain(generation), 'r'), current).then(
      () => {
        job = undefined;
        compressNext();
      },
      (error: unknown) => {
        job = undefined;
        rmSync(temporary, { force: true });
        onError(error);
      },
    );
  }

  rmSync(temporary, { force: true });
  for (const generation of present()) if (generation > count) remove(generation);
  compressNext();

  return {
    shift() {
      if (count === 0) {
        rmSync(path, { force: true });
        return;
      }
      remove(count);
      for (let generation = count - 1; generation >= 1; generation -= 1) {
        moveIfThere(plain(generation), plain(generation + 1));
        moveIfThere(gzipped(generation), gzipped(generation + 1));
      }
      moveIfThere(path, plain(1));
      if (job !== undefined) job.generation += 1;
      compressNext();
    },
    async settled() {
      while (job !== undefined) await running;
    },
  };
}
