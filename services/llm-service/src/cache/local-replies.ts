interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

/** In-process replies: the least recently used goes first, and what is older than its time is none. */
export function createLocalReplies(now: () => number, maxEntries: () => number) {
  const entries = new Map<string, Entry>();
  return {
    get(key: string): string | undefined {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      if (entry.expiresAt <= now()) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    set(key: string, value: string, ttlMs: number): void {
      entries.delete(key);
      entries.set(key, { value, expiresAt: now() + ttlMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries()) break;
        entries.delete(oldest);
      }
    },
    /** @returns how many there were */
    clear(): number {
      const count = entries.size;
      entries.clear();
      return count;
    },
    size: () => entries.size,
  };
}
export type LocalReplies = ReturnType<typeof createLocalReplies>;
