/** Ids that were handled already; the server's de-duplication window is only a help. Bounded: the oldest are forgotten. */
export function createSeenIds(most = 10_000) {
  const seen = new Set<string>();
  return {
    /** @returns false when it was there already */
    add(id: string): boolean {
      if (seen.has(id)) return false;
      seen.add(id);
      const [oldest] = seen.size > most ? seen : [];
      if (oldest !== undefined) seen.delete(oldest);
      return true;
    },
    /** It was not handled after all: it may come again. */
    forget(id: string): void {
      seen.delete(id);
    },
  };
}
export type SeenIds = ReturnType<typeof createSeenIds>;
