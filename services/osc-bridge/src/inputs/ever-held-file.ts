import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { INPUT_NAMES, type InputName, isInputName } from './input-table.ts';

/** Which inputs this machine's bridge has ever held: a process that ends in mid-step cannot release, the next one can. */
export interface EverHeldFile {
  read(): InputName[];
  /** Written before the input is pressed, once per name: what cannot be noted is not pressed. @throws with the remedy */
  add(name: InputName): void;
}

export function createEverHeldFile(path: string): EverHeldFile {
  const read = (): InputName[] => {
    if (!existsSync(path)) return [];
    try {
      const names: unknown = JSON.parse(readFileSync(path, 'utf8'));
      if (Array.isArray(names))
        return names.filter((name): name is InputName => typeof name === 'string' && isInputName(name));
    } catch {
      // Half a file: the process was killed while it wrote.
    }
    // To release one too many harms nothing; one too few walks on.
    return [...INPUT_NAMES];
  };
  const known = new Set(read());
  return {
    read: () => [...known],
    add(name) {
      if (known.has(name)) return;
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, JSON.stringify([...known, name]));
      } catch (cause) {
        const reason = cause instanceof Error && 'code' in cause ? cause.code : String(cause);
        const message = `${name} is not pressed, since it could not be noted for a later release in ${path} (${reason}); make that folder writable`;
        throw new Error(message, { cause });
      }
      known.add(name);
    },
  };
}
