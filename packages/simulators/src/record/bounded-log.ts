/** Keeps the newest entries and counts all: a simulator that runs for days must not grow. */
export interface BoundedLog<Entry> {
  push(entry: Entry): void;
  /** The newest entries, oldest first. */
  entries(): Entry[];
  /** How many were ever pushed. */
  total(): number;
}

export function createBoundedLog<Entry>(limit: number): BoundedLog<Entry> {
  const kept: Entry[] = [];
  let total = 0;
  return {
    push(entry) {
      total += 1;
      kept.push(entry);
      if (kept.length > limit) kept.shift();
    },
    entries: () => [...kept],
    total: () => total,
  };
}
