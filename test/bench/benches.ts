import type { BenchRow } from './bench-row.ts';
import { benchClassifyAndDecide } from './classify-and-decide/bench-classify-and-decide.ts';
import { benchErrorToCommand } from './error-to-command/bench-error-to-command.ts';
import { benchGuard } from './guard/bench-guard.ts';
import { benchReportError } from './report-error/bench-report-error.ts';
import { benchStartToReady } from './start-to-ready/bench-start-to-ready.ts';

export interface Bench {
  readonly title: string;
  /** About a minute in all, on two cores. */
  readonly run: () => Promise<BenchRow[]>;
  /** The least that shows that it still runs; its numbers mean nothing. */
  readonly smoke: () => Promise<BenchRow[]>;
}

/** The five points of "How fast", in their order. */
export const BENCHES: readonly Bench[] = [
  {
    title: '(a) error published -> command received',
    run: () => benchErrorToCommand({ rounds: 300, warmUp: 60 }),
    smoke: () => benchErrorToCommand({ rounds: 2, warmUp: 1 }),
  },
  {
    title: '(b) classify and decide',
    run: () => benchClassifyAndDecide({ rounds: 25, warmUp: 5 }, 20_000),
    smoke: () => benchClassifyAndDecide({ rounds: 2, warmUp: 0 }, 200),
  },
  {
    title: '(c) one error logged, counted, published',
    run: () => benchReportError({ rounds: 5000, warmUp: 1000 }),
    smoke: () => benchReportError({ rounds: 5, warmUp: 0 }),
  },
  {
    title: '(d) the guard around a healthy call',
    run: () => benchGuard({ rounds: 25, warmUp: 5 }, 5000),
    smoke: () => benchGuard({ rounds: 2, warmUp: 0 }, 10),
  },
  {
    title: '(e) start to ready',
    run: () => benchStartToReady({ rounds: 15, warmUp: 2 }),
    smoke: () => benchStartToReady({ rounds: 1, warmUp: 0 }),
  },
];
