/** Turn ids of the last minutes; bounded, the oldest are forgotten first. */
export function createSeenTurns(maxEntries = 1000) {
  const seen = new Set<string>();
  return {
    /** @returns false when the turn was seen before */
    isNew(turnId: string): boolean {
      if (seen.has(turnId)) return false;
      seen.add(turnId);
      for (const oldest of seen) {
        if (seen.size <= maxEntries) break;
        seen.delete(oldest);
      }
      return true;
    },
  };
}
