/** A second Ctrl-C within this time is the same one: a process group and its parent may both pass it on. In ms. */
const SAME_PRESS_MS = 500;

/**
 * SIGINT (Ctrl-C), SIGTERM and SIGHUP ask to stop; asked again, the patience is over.
 * @param onStop told `drained` the first time, `now` from the second on
 */
export function stopOnSignals(
  onStop: (how: 'drained' | 'now') => void,
  now: () => number = () => performance.now(),
): void {
  let firstAt: number | undefined;
  const ask = () => {
    if (firstAt === undefined) {
      firstAt = now();
      onStop('drained');
    } else if (now() - firstAt > SAME_PRESS_MS) onStop('now');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
}
