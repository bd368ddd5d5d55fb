/** Milliseconds that only ever go forward. */
export type SteadyNow = () => number;

/**
 * Pacing and leases must survive a clock that is set back: otherwise an hour back is an hour without a word.
 * Without a jump it runs as `now` does.
 */
export function createSteadyNow(now: () => number): SteadyNow {
  let last = now();
  let steady = 0;
  return () => {
    const current = now();
    steady += Math.max(0, current - last);
    last = current;
    return steady;
  };
}
