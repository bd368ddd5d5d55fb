import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One secret a file of `secrets/`, by its name; surrounding blanks are removed. */
export type OperatorSecrets = ReadonlyMap<string, string>;

export interface ReadSecrets {
  readonly secrets: OperatorSecrets;
  /** What lies there and is no secret, and the remedy. */
  readonly warnings: readonly string[];
}

function readOne(path: string): { readonly text: string } | { readonly wrong: string } {
  try {
    if (!statSync(path).isFile()) return { wrong: 'is no file' };
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? { wrong: 'is empty' } : { text };
  } catch {
    return { wrong: 'cannot be read' };
  }
}

export function readOperatorSecrets(folder: string): ReadSecrets {
  const secrets = new Map<string, string>();
  const warnings: string[] = [];
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.filter((entry) => !entry.startsWith('.') && entry !== 'README.md')) {
    const read = readOne(join(folder, name));
    if ('text' in read) secrets.set(name, read.text);
    else warnings.push(`secrets/${name} ${read.wrong}, so it counts as absent: write the secret into it, or remove it`);
  }
  return { secrets, warnings };
}
