import type { Config } from '@understudy/shared/config';
import { SERVICE_NAMES } from '@understudy/shared/contracts';
import type { ObjectiveName } from './objectives.ts';

/** Every number of the rules: shares are 0 to 1, the rest in the unit of its name. */
export interface Thresholds {
  readonly criticalErrors: { readonly count: number; readonly windowSeconds: number };
  readonly slowAnswers: { readonly seconds: number; readonly window: string; readonly minAnswers: number };
  readonly memoryShare: number;
  readonly processorShare: number;
  readonly consecutiveFailures: number;
  readonly services: number;
  readonly eventLoopLateSeconds: number;
  readonly diskFreeShare: number;
  readonly diskFullWithinSeconds: number;
  readonly redisMemoryShare: number;
  readonly startsIn15m: number;
  readonly outboxPending: number;
  readonly logChunks: number;
  /** Share of events that may be bad, and the least events to judge by. */
  readonly objectives: Readonly<Record<ObjectiveName, { readonly budgetShare: number; readonly minEvents: number }>>;
}

/** Two decimals more than a percentage has: 1 - 0.99 is 0.010000000000000009. */
const round = (value: number): number => Number(value.toFixed(6));
const shareOf = (percent: string): number => Number.parseInt(percent, 10) / 100;

/** What the rules compare with; all of it from config/understudy.yaml. */
export function thresholdsOf(config: Pick<Config, 'alerts' | 'health' | 'objectives' | 'rule_limits'>): Thresholds {
  const { alerts, health, objectives, rule_limits: limits } = config;
  const objective = (name: ObjectiveName) => ({
    budgetShare: round(1 - objectives[name].target / 100),
    minEvents: objectives[name].min_events,
  });
  return {
    criticalErrors: { count: alerts.critical_errors.threshold, windowSeconds: alerts.critical_errors.cooldown },
    slowAnswers: {
      seconds: alerts.performance_degradation.threshold_ms / 1000,
      window: alerts.performance_degradation.window,
      minAnswers: limits.slow_answers_min,
    },
    memoryShare: shareOf(alerts.resource_usage.memory_threshold),
    processorShare: shareOf(alerts.resource_usage.cpu_threshold),
    consecutiveFailures: alerts.external_service_failure.consecutive_failures,
    services: SERVICE_NAMES.length,
    eventLoopLateSeconds: health.event_loop_late_ms / 1000,
    diskFreeShare: shareOf(limits.disk_free),
    diskFullWithinSeconds: limits.disk_full_within_h * 3600,
    redisMemoryShare: limits.redis_memory / 100,
    startsIn15m: limits.starts_in_15m,
    outboxPending: limits.outbox_pending,
    logChunks: limits.log_chunks,
    objectives: { answer: objective('answer'), act: objective('act'), recovery: objective('recovery') },
  };
}
