import type { Metrics } from '../telemetry/index.ts';

export interface ProcessFacts {
  readonly limitBytes: number;
  readonly eventLoopDelayMs: Readonly<Record<'p50' | 'p99' | 'max', number>>;
  /** What waits on disk for NATS. */
  readonly outboxPending: number;
}

/** What every process of the bot tells of itself, the supervisor included. */
export function measureProcess(
  metrics: Pick<Metrics, 'set'>,
  { limitBytes, eventLoopDelayMs, outboxPending }: ProcessFacts,
): void {
  metrics.set('understudy_memory_limit_bytes', {}, limitBytes);
  metrics.set('understudy_outbox_pending', {}, outboxPending);
  for (const statistic of ['p50', 'p99', 'max'] as const) {
    metrics.set('understudy_event_loop_delay_seconds', { statistic }, eventLoopDelayMs[statistic] / 1000);
  }
}
