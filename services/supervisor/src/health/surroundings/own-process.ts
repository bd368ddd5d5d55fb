import { createEventLoopDelaySampler, measureProcess } from '@understudy/shared/service';
import type { Metrics } from '@understudy/shared/telemetry';

export interface OwnProcess {
  readonly limitBytes: () => number;
  readonly outboxPending: () => number;
}

/** What the services tell with their heartbeats; the supervisor has none. */
export function createOwnProcessLook(metrics: Pick<Metrics, 'set'>, { limitBytes, outboxPending }: OwnProcess) {
  const sampler = createEventLoopDelaySampler();
  return {
    look(): void {
      const { p50Ms, p99Ms, maxMs } = sampler.sample();
      measureProcess(metrics, {
        limitBytes: limitBytes(),
        eventLoopDelayMs: { p50: p50Ms, p99: p99Ms, max: maxMs },
        outboxPending: outboxPending(),
      });
    },
    stop: () => sampler.stop(),
  };
}
