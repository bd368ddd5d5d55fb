import type { OBJECTIVE_ALERTS } from '../alerts/objective-alerts.ts';
import { grow, hold, type Phase, type Scenario } from './scenario.ts';

const HOUR = 3600;
const STEP = 60;

/** Events that go on all the time, a number a minute; of these only some are good while it is broken. */
const events = (all: number, goodWhileBroken: number, hours: { before: number; broken: number; after: number }) => {
  const { before, broken, after } = hours;
  const good: readonly Phase[] = [
    grow(0, all, before * HOUR),
    grow(all * before * 60, goodWhileBroken, broken * HOUR),
    grow(all * before * 60 + goodWhileBroken * broken * 60, all, after * HOUR),
  ];
  const every: readonly Phase[] = [grow(0, all, (before + broken + after) * HOUR)];
  return { good, every };
};

const fast = { before: 2, broken: 1, after: 1 };
const slow = { before: 7, broken: 6, after: 2 };
const answers = events(2, 1, fast);
const recoveries = events(0.2, 0.1, fast);
const deliveries = events(2, 1.8, slow);
const total = (hours: { before: number; broken: number; after: number }): number =>
  (hours.before + hours.broken + hours.after) * HOUR;

export const OBJECTIVE_SCENARIOS = {
  // Every second answer is too late or none, and every second recovery; the avatar is asked too seldom to be judged.
  ObjectiveBurnFast: {
    series: {
      'understudy_answer_duration_seconds_count{service="audio-gateway",source="provider"}': answers.every,
      'understudy_answer_duration_seconds_bucket{service="audio-gateway",source="provider",le="3.0"}': answers.good,
      // What came without a sentence is not good, however soon that was known.
      'understudy_answer_duration_seconds_bucket{service="audio-gateway",source="none",le="3.0"}': answers.every,
      'understudy_recovery_duration_seconds_count{service="supervisor",strategy="reconnect_retry"}': recoveries.every,
      'understudy_recovery_duration_seconds_bucket{service="supervisor",strategy="reconnect_retry",le="10.0"}':
        recoveries.good,
      'understudy_replies_delivered_total{service="osc-bridge",sink="osc-bridge",result="failed"}': [
        hold(0, 2 * HOUR),
        grow(0, 0.1, HOUR),
        hold(6, HOUR),
      ],
      'understudy_replies_delivered_total{service="osc-bridge",sink="osc-bridge",result="delivered"}': [
        hold(3, total(fast)),
      ],
    },
    quietAt: [2 * HOUR - STEP, 8280],
    firesAt: 2.75 * HOUR,
    fires: [{ objective: 'answer' }, { objective: 'recovery' }],
    resolvedAt: 3.5 * HOUR,
    stepSeconds: STEP,
  },
  // Every tenth sentence does not reach the avatar, for hours; what is skipped on purpose does not count.
  ObjectiveBurnSlow: {
    series: {
      'understudy_replies_delivered_total{service="osc-bridge",sink="osc-bridge",result="queued"}': deliveries.good,
      'understudy_replies_delivered_total{service="osc-bridge",sink="osc-bridge",result="skipped"}': deliveries.every,
      'understudy_replies_delivered_total{service="osc-bridge",sink="osc-bridge",result="failed"}': [
        hold(0, 7 * HOUR),
        grow(0, 0.2, 6 * HOUR),
        hold(72, 2 * HOUR),
      ],
      'understudy_replies_delivered_total{service="audio-gateway",sink="audio-gateway",result="failed"}':
        deliveries.every,
    },
    quietAt: [7 * HOUR - STEP, 8 * HOUR, 10.7 * HOUR],
    firesAt: 13 * HOUR - STEP,
    fires: [{ objective: 'act' }],
    resolvedAt: 14.5 * HOUR,
    stepSeconds: STEP,
  },
} as const satisfies Readonly<Record<keyof typeof OBJECTIVE_ALERTS, Scenario>>;
