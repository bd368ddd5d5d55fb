import type { Heartbeat, ServiceState } from '../contracts/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import { createEventLoopDelaySampler } from './event-loop-delay.ts';
import { measureProcess } from './measure-process.ts';

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
    measureProcess(options.metrics, { limitBytes, eventLoopDelayMs, outboxPending: facts.outboxPending });
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
