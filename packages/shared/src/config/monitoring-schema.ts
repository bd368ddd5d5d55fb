import Type, { type Static } from 'typebox';
import { count, percent, section } from './schema-parts.ts';

const objective = (minEvents: number, description: string) =>
  section(
    {
      target: Type.Number({
        minimum: 50,
        maximum: 99.9,
        default: 99,
        description: 'Percent that must be good.',
      }),
      min_events: count(minEvents, 'Fewer of them within a window are not judged.'),
    },
    description,
  );

/** The three objectives; their limits of time are the buckets of the metrics that they read. */
export const ObjectivesSchema = section(
  {
    answer: objective(10, 'A viewer gets an answer within 3 s.'),
    act: objective(10, 'The avatar acts when it is asked to.'),
    recovery: objective(3, 'A recovery is verified within 10 s.'),
  },
  'What the bot promises. Two alerts tell when a budget of failures burns too fast.',
);
export type Objectives = Static<typeof ObjectivesSchema>;

/** Thresholds of the rules that are not among the user's four. */
export const RuleLimitsSchema = section(
  {
    disk_free: percent('10%', 'Less free space than this for logs or data.'),
    disk_full_within_h: count(24, 'A disk that will be full within so many hours.', 1, 720),
    redis_memory: count(
      110,
      "Percent of Redis' maxmemory; at 100 it drops old entries, above that it cannot.",
      50,
      1000,
    ),
    starts_in_15m: count(3, 'More starts of one service within 15 minutes.'),
    outbox_pending: count(100, 'More entries that wait for NATS.'),
    log_chunks: count(50, 'More chunks of log lines that wait on disk for Loki.'),
    slow_answers_min: count(3, 'Fewer answers within the window of performance_degradation are not judged.'),
  },
  'Limits of the alert rules besides the four of alerts. docs/alerts.md lists the rules.',
);
export type RuleLimits = Static<typeof RuleLimitsSchema>;
