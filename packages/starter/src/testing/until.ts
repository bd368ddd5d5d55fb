import { setTimeout as delay } from 'node:timers/promises';

/** Generous: the machine that runs the tests may be busy with others. */
const LIMIT_MS = 30_000;
const AGAIN_AFTER_MS = 20;

/** Waits until `look` gives something true, and gives that. @throws when it never does */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const giveUpAt = performance.now() + LIMIT_MS;
  while (performance.now() < giveUpAt) {
    const seen = await look();
    if (seen) return seen;
    await delay(AGAIN_AFTER_MS);
  }
  throw new Error(`waited ${LIMIT_MS / 1000} s in vain until ${what}`);
}
