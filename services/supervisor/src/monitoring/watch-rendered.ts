import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@understudy/shared/service';
import type { MonitoringEnvironment } from './monitoring-environment.ts';

const LOOK_EVERY_MS = 3000;

/** Changes when a file comes, goes or is replaced. */
function stateOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      const { mtimeMs, ino } = statSync(file);
      return `${file} ${mtimeMs} ${ino}`;
    })
    .join('\n');
}

interface RenderedWatch {
  readonly environment: MonitoringEnvironment;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
  /** Asks one program to read its files again; rejects when it does not. */
  readonly readAgain: (reader: string) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * The setup renders at each `docker compose up`, but it ends before anybody could be told and has no network: what it has changed under
 * running programs (a receiver's secret, another stack) is noticed here. Once at its own start too; then each program until it has taken it.
 */
export async function watchRendered({
  environment,
  clock,
  signal,
  readAgain,
  onFailure,
}: RenderedWatch): Promise<void> {
  const taken = new Map<string, string>();
  const failed = new Set<string>();
  const tell = async (reader: string, state: string): Promise<void> => {
    try {
      await readAgain(reader);
      taken.set(reader, state);
      failed.delete(reader);
    } catch (error) {
      if (!failed.has(reader)) onFailure(error);
      failed.add(reader);
    }
  };
  while (!signal.aborted) {
    try {
      const state = stateOf(environment.renderedFolder);
      const behind = environment.readers.filter((reader) => taken.get(reader) !== state);
      await Promise.all(behind.map((reader) => tell(reader, state)));
    } catch (error) {
      // Between the listing and the look a file may have been replaced.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) onFailure(error);
    }
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}
