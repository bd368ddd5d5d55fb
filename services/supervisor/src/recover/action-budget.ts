const HOUR_MS = 3_600_000;

/** At most N commands in an hour, all incidents together: a storm of recoveries must end by itself. */
export function createActionBudget(perHour: () => number) {
  let spent: number[] = [];
  return {
    /** @returns how long to wait, 0 when `count` commands may be sent now (and then counts them) */
    take(count: number, now: number): number {
      // The clock may have been set back.
      spent = spent.filter((at) => at <= now && now - at < HOUR_MS);
      if (count === 0 || spent.length + count <= perHour()) {
        for (let i = 0; i < count; i += 1) spent.push(now);
        return 0;
      }
      return HOUR_MS - (now - (spent[0] ?? now));
    },
  };
}
