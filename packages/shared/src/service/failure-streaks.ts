import type { Metrics } from '../telemetry/index.ts';

export interface FailureStreaks {
  /** The configured ones: each begins at 0, also after a reload; one that is gone stays there. */
  expect(names: readonly string[]): void;
  failed(name: string): void;
  worked(name: string): void;
}

/**
 * Failures in a row of one kind of external service, as `understudy_consecutive_failures`.
 * @param kind `llm`, `transcription`, `input`, ...: the label `peer` is `KIND:NAME`; absent where there is but one (`vrchat`, `camera`)
 */
export function createFailureStreaks(metrics: Pick<Metrics, 'set'>, kind?: string): FailureStreaks {
  const counts = new Map<string, number>();
  const set = (name: string, count: number) => {
    counts.set(name, count);
    metrics.set('understudy_consecutive_failures', { peer: kind === undefined ? name : `${kind}:${name}` }, count);
  };
  return {
    expect(names) {
      for (const name of new Set([...counts.keys(), ...names])) set(name, 0);
    },
    failed: (name) => set(name, (counts.get(name) ?? 0) + 1),
    worked: (name) => set(name, 0),
  };
}
