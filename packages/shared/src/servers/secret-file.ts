import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** For its owner alone. Windows ignores the mode: there the user's profile protects the folder. */
const PRIVATE = 0o600;

/**
 * The secret in `file`; made at the first call, 256 random bits in characters that need no quoting anywhere.
 * @throws when the file is there and empty, or cannot be read
 */
export function ensureSecret(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: PRIVATE });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (secret === '') throw new Error(`${file} is empty: remove it, the next start makes a new one`);
  return secret;
}

/** Replaces the file at once; never is half of it there, nor all of it readable by others. */
export function writePrivately(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: PRIVATE });
  chmodSync(draft, PRIVATE);
  renameSync(draft, file);
}
