import { setTimeout as delay } from 'node:timers/promises';

/** The machine may be busy: conditions are waited for, times are not. */
const LIMIT_MS = 30_000;
const POLL_MS = 20;

/** @throws when `holds` is still false after LIMIT_MS */
export async function waitUntil(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited ${LIMIT_MS} ms in vain: ${what}`);
    await delay(POLL_MS);
  }
}
