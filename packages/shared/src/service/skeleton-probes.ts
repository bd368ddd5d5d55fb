import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProbeName, ServiceName, ServiceState } from '../contracts/index.ts';
import type { Clock } from './clock.ts';
import type { ConfigHolder } from './config-holder.ts';
import { probeConfiguration } from './config-reload.ts';
import { createEventLoopDelaySampler } from './event-loop-delay.ts';
import { memoryLimit } from './memory-limit.ts';
import type { Probe } from './service-context.ts';

const LOOP_SAMPLE_MS = 500;
const inMb = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;

export interface SkeletonProbesOptions {
  readonly service: ServiceName;
  readonly config: ConfigHolder;
  readonly clock: Clock;
  readonly state: () => ServiceState;
  readonly isConnected: () => boolean;
  readonly dataFolder: string;
}

/** What every service can prove of its own process. */
export function skeletonProbes(options: SkeletonProbesOptions): Partial<Record<ProbeName, Probe>> {
  const { service, config, clock, state, isConnected, dataFolder } = options;
  return {
    alive: async () => ({ ok: state() === 'ready', detail: `${service} is ${state()}` }),
    memory: async () => {
      globalThis.gc?.();
      const rss = process.memoryUsage.rss();
      const { thresholdBytes, limitBytes } = memoryLimit(config.current(), service);
      return {
        ok: rss < thresholdBytes,
        detail: `${inMb(rss)} of ${inMb(limitBytes)} in use, threshold ${inMb(thresholdBytes)}`,
      };
    },
    'event-loop': async (_subject, signal) => {
      const sampler = createEventLoopDelaySampler();
      await clock.sleep(LOOP_SAMPLE_MS, signal).catch(() => undefined);
      const { p99Ms } = sampler.sample();
      sampler.stop();
      const lateMs = config.current().health.event_loop_late_ms;
      return { ok: p99Ms < lateMs, detail: `event-loop delay p99 ${p99Ms.toFixed(1)} ms, limit ${lateMs} ms` };
    },
    configuration: async () => probeConfiguration(config),
    // The supervisor's question has come over it: it is back, too.
    bus: async () => ({ ok: isConnected(), detail: isConnected() ? 'NATS is connected' : 'NATS is away' }),
    disk: async () => {
      const file = join(dataFolder, 'disk-probe');
      try {
        await writeFile(file, 'written');
        await rm(file);
        return { ok: true, detail: `${dataFolder} can be written` };
      } catch (error) {
        return {
          ok: false,
          detail: `${dataFolder} cannot be written: ${error instanceof Error ? error.message : error}`,
        };
      }
    },
  };
}
