import type { ProcessSample } from './sample-process.ts';

export interface Growth {
  readonly lives: number;
  /** Of the last life: medians of its first and last quarter, the first 30 s left out. */
  readonly early: Usage;
  readonly late: Usage;
  readonly maxBytes: number;
  readonly lifeMs: number;
  readonly isFlat: boolean;
}

interface Usage {
  readonly bytes: number;
  readonly files: number;
  readonly threads: number;
}

/** Code that is compiled and caches that fill: afterwards it must stay. */
const WARM_UP_MS = 30_000;
/** What garbage and noise may add between two medians. */
const MAY_GROW = { share: 0.1, bytes: 6 * 1024 * 1024, files: 8, threads: 2 };

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const usageOf = (samples: readonly ProcessSample[]): Usage => ({
  bytes: median(samples.map(({ bytes }) => bytes)),
  files: median(samples.map(({ files }) => files)),
  threads: median(samples.map(({ threads }) => threads)),
});

/** Whether a part that has lived long takes no more at its end than it did once it was warm. */
export function judgeGrowth(samples: readonly ProcessSample[]): Growth {
  const last = samples.at(-1);
  const life = samples.filter(({ pid }) => pid === last?.pid);
  const bornAt = life[0]?.atMs ?? 0;
  const warm = life.filter(({ atMs }) => atMs - bornAt >= WARM_UP_MS);
  const quarter = Math.max(1, Math.floor(warm.length / 4));
  const early = usageOf(warm.slice(0, quarter));
  const late = usageOf(warm.slice(-quarter));
  return {
    lives: new Set(samples.map(({ pid }) => pid)).size,
    early,
    late,
    maxBytes: Math.max(0, ...samples.map(({ bytes }) => bytes)),
    lifeMs: (last?.atMs ?? 0) - bornAt,
    isFlat:
      late.bytes <= early.bytes * (1 + MAY_GROW.share) + MAY_GROW.bytes &&
      late.files <= early.files + MAY_GROW.files &&
      late.threads <= early.threads + MAY_GROW.threads,
  };
}
