import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files of `secrets/` by name, without the README: one secret each, surrounding blanks removed. Empty ones do not count. */
export type OperatorSecrets = ReadonlyMap<string, string>;

export function readOperatorSecrets(folder: string): OperatorSecrets {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && name !== 'README.md');
  const files = names.map((name) => ({ name, path: join(folder, name) })).filter(({ path }) => statSync(path).isFile());
  return new Map(
    files.map(({ name, path }) => [name, readFileSync(path, 'utf8').trim()] as const).filter(([, text]) => text !== ''),
  );
}
