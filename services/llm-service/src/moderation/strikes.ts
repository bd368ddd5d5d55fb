export interface StrikeLimits {
  readonly strikes: number;
  readonly strike_window_ms: number;
}

/** Who broke the rules how often. Enough within the window, and a provider is out until the window after the last strike is over. */
export function createStrikes(now: () => number, limits: () => StrikeLimits) {
  const struck = new Map<string, number[]>();
  const outUntil = new Map<string, number>();
  return {
    /** @returns true when this one shuts it out */
    strike(name: string): boolean {
      const { strikes, strike_window_ms: windowMs } = limits();
      const recent = [...(struck.get(name) ?? []).filter((at) => now() - at < windowMs), now()].slice(-strikes);
      struck.set(name, recent);
      if (recent.length < strikes) return false;
      outUntil.set(name, now() + windowMs);
      struck.delete(name);
      return true;
    },
    isOut: (name: string): boolean => (outUntil.get(name) ?? 0) > now(),
    /** After a reload: whoever it was may be another now. */
    clear(): void {
      struck.clear();
      outUntil.clear();
    },
  };
}
export type Strikes = ReturnType<typeof createStrikes>;
