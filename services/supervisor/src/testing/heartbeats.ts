import type { Heartbeat } from '@understudy/shared/contracts';
import { isoAt, T0 } from './error-events.ts';

export const MB = 1024 * 1024;

/** A heartbeat of a healthy llm-service with 100 of 400 MB in use. */
export const makeHeartbeat = (own: Partial<Heartbeat> = {}): Heartbeat => ({
  service: 'llm-service',
  instanceId: 'instance-1',
  version: '0.1.0',
  seq: 0,
  startedAt: isoAt(T0),
  state: 'ready',
  observed: { think: { level: 'full', by: 'provider:primary' } },
  eventLoopDelayMs: { p50: 0.1, p99: 2, max: 5 },
  memory: { rssBytes: 100 * MB, heapUsedBytes: 50 * MB, limitBytes: 400 * MB },
  outboxPending: 0,
  ...own,
});
export const usingMb = (mb: number): Heartbeat['memory'] => ({
  rssBytes: mb * MB,
  heapUsedBytes: mb * MB,
  limitBytes: 400 * MB,
});
