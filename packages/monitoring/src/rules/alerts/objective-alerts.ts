import { type AlertRule, INCIDENT } from '../alert.ts';
import { BURNS, badRatio, eventCount, OBJECTIVE_NAMES } from '../objectives.ts';
import type { Thresholds } from '../thresholds.ts';

/** Both windows burn faster than the pace, and there was enough to judge by. */
const burns =
  (pace: keyof typeof BURNS) =>
  (thresholds: Thresholds): string => {
    const { factor, long, short } = BURNS[pace];
    return OBJECTIVE_NAMES.map((name) => {
      const { budgetShare, minEvents } = thresholds.objectives[name];
      // A budget of 10 % times 14.4 is more than there can be bad.
      const limit = Math.min(Number((factor * budgetShare).toFixed(6)), 0.99);
      const series = (record: string) => `${record}{objective="${name}"}`;
      return `(${series(badRatio(long))} > ${limit} and ${series(badRatio(short))} > ${limit} and ${series(eventCount(long))} >= ${minEvents})`;
    }).join(' or ');
  };

const TEXTS = {
  works: 'The rest of the bot; open incidents say what does not.',
  done: 'Every single failure was recovered by its own strategy; this is their sum.',
  remedy: 'Open the dashboard Alerts and objectives: it shows when it began and which incidents were open then.',
} as const;

export const OBJECTIVE_ALERTS = {
  ObjectiveBurnFast: {
    severity: 'error',
    for: '2m',
    keepFiringFor: '5m',
    expr: burns('fast'),
    // The whole bot stands on the bus: while it is away every objective burns.
    explainedBy: INCIDENT,
    summary: 'Objective "{{ $labels.objective }}" fails fast',
    detail: 'At the pace of the last hour the budget of a month is spent within two days.',
    ...TEXTS,
  },
  ObjectiveBurnSlow: {
    severity: 'warning',
    for: '15m',
    keepFiringFor: '15m',
    expr: burns('slow'),
    explainedBy: INCIDENT,
    summary: 'Objective "{{ $labels.objective }}" fails slowly',
    detail: 'At the pace of the last six hours the budget of a month is spent within five days.',
    ...TEXTS,
  },
} as const satisfies Readonly<Record<string, AlertRule>>;
