/** Counters of an objective's events over a window: how many there were, and how many of them were good. */
interface Objective {
  readonly promise: string;
  readonly all: (window: string) => string;
  readonly good: (window: string) => string;
}

const increase = (series: string) => (window: string) => `sum(increase(${series}[${window}]))`;

/** A histogram's bucket: Prometheus 3 writes the bound of `le="3"` as `3.0`. */
const upTo = (seconds: number): string => `le=~"${seconds}([.]0)?"`;

/** What the bot promises (issue 8). The bounds are buckets of their histograms; a test holds them to it. */
export const OBJECTIVES = {
  answer: {
    promise: 'a viewer gets an answer within 3 s',
    all: increase('understudy_answer_duration_seconds_count'),
    good: increase(`understudy_answer_duration_seconds_bucket{source!="none",${upTo(3)}}`),
  },
  act: {
    promise: 'the avatar acts when it is asked to',
    all: increase('understudy_replies_delivered_total{sink="osc-bridge",result=~"delivered|queued|failed"}'),
    good: increase('understudy_replies_delivered_total{sink="osc-bridge",result=~"delivered|queued"}'),
  },
  // Not over understudy_recoveries_total: a device that is replaced within a second ends as `degraded` and, when the first is back,
  // as `recovered`, and would count as one good of two.
  recovery: {
    promise: 'a recovery is verified within 10 s',
    all: increase('understudy_recovery_duration_seconds_count'),
    good: increase(`understudy_recovery_duration_seconds_bucket{${upTo(10)}}`),
  },
} as const satisfies Readonly<Record<string, Objective>>;
export type ObjectiveName = keyof typeof OBJECTIVES;
export const OBJECTIVE_NAMES = Object.keys(OBJECTIVES) as readonly ObjectiveName[];

/**
 * How fast a budget may burn: a multiple of what would use it up in 30 days, over a long window, and over a short one so that
 * the alert ends with its cause (SRE workbook, Alerting on SLOs). The two longer pairs need days without a pause, which a streaming PC has not.
 */
export const BURNS = {
  fast: { factor: 14.4, long: '1h', short: '5m' },
  slow: { factor: 6, long: '6h', short: '30m' },
} as const;

export const BURN_WINDOWS = ['5m', '30m', '1h', '6h'] as const;
/** Over which the budget's rest is told. */
export const BUDGET_WINDOW = '7d';

export const badRatio = (window: string): string => `objective:bad:ratio_${window}`;
export const eventCount = (window: string): string => `objective:events:increase${window}`;
