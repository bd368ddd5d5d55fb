import type { Heartbeat, ServiceState } from '../contracts/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import { createEventLoopDelaySampler } from './event-loop-delay.ts';

export interface HeartbeatsOptions {
  readonly intervalMs: number;
  readonly metrics: Pick<Metrics, 'set'>;
  readonly send: (heartbeat: Heartbeat) => void;
  readonly state: () => ServiceState;
  readonly facts: () => Omit<Heartbeat, 'seq' | 'state' | 'eventLoopDelayMs' | 'memory'> & { limitBytes: number };
}

/** One now and one every interval; the last one says that the service drains. */
export function startHeartbeats(options: HeartbeatsOptions) {
  const sampler = createEventLoopDelaySampler();
  let seq = 0;
  const beat = () => {
    const { limitBytes, ...facts } = options.facts();
    const { p50Ms, p99Ms, maxMs } = sampler.sample();
    const { heapUsed: heapUsedBytes, rss: rssBytes } = process.memoryUsage();
    const eventLoopDelayMs = { p50: p50Ms, p99: p99Ms, max: maxMs };
    options.metrics.set('understudy_outbox_pending', {}, facts.outboxPending);
    for (const quantile of ['p50', 'p99', 'max'] as const) {
      options.metrics.set('understudy_event_loop_delay_seconds', { quantile }, eventLoopDelayMs[quantile] / 1000);
    }
    options.send({
      ...facts,
      seq: seq++,
      state: options.state(),
      eventLoopDelayMs,
      memory: { rssBytes, heapUsedBytes, limitBytes },
    });
  };
  const timer = setInterval(beat, options.intervalMs);
  return {
    beat,
    stop() {
      clearInterval(timer);
      beat();
      sampler.stop();
    },
  };
}
