/**
 * Waits for a condition of the world. The limit is for the failing case only: no test passes or fails by a few milliseconds. It is above
 * the 80 s that a child of low priority is given on a busy machine.
 */
export async function waitUntil(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  limitMs = 120_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > end) {
      throw new Error(`Waited ${limitMs} ms in vain until ${typeof what === 'string' ? what : what()}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
