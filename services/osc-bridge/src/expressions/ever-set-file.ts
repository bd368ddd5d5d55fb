import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ExpressionParameters } from '@understudy/shared/config';

/** Where each parameter that ever belonged to an expression of several steps stands when that is over. */
export interface EverSetFile {
  read(): ExpressionParameters;
  /** Written before the first step, and only when it says something new. */
  add(values: ExpressionParameters): void;
}

function readValues(path: string): ExpressionParameters {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof json !== 'object' || json === null) return {};
    const isValue = (value: unknown): value is boolean | number =>
      typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
    return Object.fromEntries(
      Object.entries(json).flatMap(([name, value]) => (isValue(value) ? [[name, value] as const] : [])),
    );
  } catch {
    // No such file, or half of one: nothing is known to be set.
    return {};
  }
}

export function createEverSetFile(path: string): EverSetFile {
  let known = readValues(path);
  return {
    read: () => known,
    add(values) {
      const next = { ...known, ...values };
      if (Object.entries(next).every(([name, value]) => known[name] === value)) return;
      known = next;
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, JSON.stringify(known));
      } catch {
        // A face is worth more than the note: without it only a process that is killed in mid-expression leaves it on.
      }
    },
  };
}
