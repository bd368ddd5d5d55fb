import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is there: a condition, never a guess of how long something takes. The limit is far above that: a busy machine is no failure. */
export async function waitFor<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  limitMs = 60_000,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await delay(20);
  }
}
