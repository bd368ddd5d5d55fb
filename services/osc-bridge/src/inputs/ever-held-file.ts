import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type InputName, isInputName } from './input-table.ts';

/** Which inputs this machine's bridge has ever held: a process that ends in mid-step cannot release, the next one can. */
export interface EverHeldFile {
  read(): InputName[];
  /** Written before the input is pressed, once per name: what cannot be noted is not pressed. @throws what the file system throws */
  add(name: InputName): void;
}

export function createEverHeldFile(path: string): EverHeldFile {
  const read = (): InputName[] => {
    try {
      const names: unknown = JSON.parse(readFileSync(path, 'utf8'));
      return Array.isArray(names)
        ? names.filter((name): name is InputName => typeof name === 'string' && isInputName(name))
        : [];
    } catch {
      // No such file, or half of one: nothing is known to be held.
      return [];
    }
  };
  const known = new Set(read());
  return {
    read: () => [...known],
    add(name) {
      if (known.has(name)) return;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify([...known, name]));
      known.add(name);
    },
  };
}
