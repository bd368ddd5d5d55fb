/** Nearest rank: a value that was measured, never one between two. @param share in (0, 1] @throws when there is no sample */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('a quantile of no samples: let the bench make at least one round');
  return value;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);
