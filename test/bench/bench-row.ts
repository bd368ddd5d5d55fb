/** One line of the table in docs/benchmarks.md. */
export interface BenchRow {
  /** Stable, for the reasons in `report/missed-targets.ts`: `a.bus.p50`. */
  readonly id: string;
  readonly what: string;
  readonly result: string;
  /** Measured in the same run, interleaved. */
  readonly baseline: string;
  readonly target: string;
  /** `undefined`: there is no target, it is for the record. */
  readonly isMet: boolean | undefined;
}

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

export const inMs = (ms: number): string => `${digits(ms)} ms`;
export const inUs = (us: number): string => `${digits(us)} us`;
export const times = (ratio: number): string => `${ratio.toFixed(2)} x`;
export const perSecond = (count: number): string => `${Math.round(count).toLocaleString('en')}/s`;
