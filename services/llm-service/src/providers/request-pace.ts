const MINUTE_MS = 60_000;

/** Keeps below a limit that the operator knows of: a provider that counts is not brought to refuse. */
export function createRequestPace(now: () => number, perMinute: number | undefined) {
  const made: number[] = [];
  return {
    /** May one more request be made now, without more than the limit in any minute? */
    hasRoom(): boolean {
      if (perMinute === undefined) return true;
      while (made.length > 0 && now() - (made[0] ?? 0) >= MINUTE_MS) made.shift();
      return made.length < perMinute;
    },
    note(): void {
      if (perMinute !== undefined) made.push(now());
    },
  };
}
export type RequestPace = ReturnType<typeof createRequestPace>;
