import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivately } from '@understudy/shared/servers';
import { SetupError } from './setup-error.ts';

/** What the volumes hold and how. Raised when an older Understudy could no longer read them; then a step joins `UPGRADES`. */
export const LAYOUT_VERSION = 1;

/** From version n to n + 1, in order. */
const UPGRADES: readonly ((state: string) => void)[] = [];

/**
 * Volumes of an older Understudy are brought up to date; those of a newer one are left alone.
 * @param state the setup's own volume
 * @throws SetupError for a newer one
 */
export function checkLayout(state: string): { readonly from: number | undefined } {
  const file = join(state, 'layout-version');
  const from = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  if (from !== undefined && !(Number.isInteger(from) && from >= 1))
    throw new SetupError(
      `${file} holds no version; restore the volume setup-state from a backup, or remove it: docker compose down -v makes all new`,
    );
  if (from !== undefined && from > LAYOUT_VERSION)
    throw new SetupError(
      `The volumes were written by a newer Understudy (layout ${from}, this one knows ${LAYOUT_VERSION}). Nothing was changed. Start that version again, or keep these volumes and use others: docker compose -p another-name up`,
    );
  for (const upgrade of from === undefined ? [] : UPGRADES.slice(from - 1)) upgrade(state);
  writePrivately(file, String(LAYOUT_VERSION));
  return { from };
}
