import type { ResolvedConfig } from '@understudy/shared/config';
import {
  type Incident,
  type ModeChange,
  type ServiceName,
  type ServiceStatus,
  START_ORDER,
  type Status,
  StatusSchema,
} from '@understudy/shared/contracts';
import type { FastifyInstance } from 'fastify';
import { type HealthLimits, reportHealth } from '../health/health-report.ts';
import type { ServicePulse } from '../health/heartbeat-monitor.ts';
import { tellOperator, tellStreamer } from '../notify/words.ts';

export interface StatusSources {
  readonly config: () => ResolvedConfig;
  readonly mode: () => ModeChange;
  readonly pulses: () => readonly ServicePulse[];
  readonly open: () => readonly Incident[];
  readonly limits: () => HealthLimits;
  readonly isConnected: () => boolean;
  readonly startedAt: string;
  readonly now: () => number;
}

const iso = (ms: number) => new Date(ms).toISOString();

function serviceStatus(name: ServiceName, pulse: ServicePulse | undefined, sources: StatusSources): ServiceStatus {
  const { host, ports } = sources.config().http;
  const address = `http://${host}:${ports[name]}`;
  if (name === 'supervisor')
    return { name, state: 'ready', address, startedAt: sources.startedAt, starts: 1, missedHeartbeats: 0 };
  const { last } = pulse ?? {};
  return {
    name,
    state: pulse?.silent ? 'silent' : (last?.state ?? 'unknown'),
    address,
    starts: pulse?.starts.length ?? 0,
    missedHeartbeats: pulse?.missed ?? 0,
    ...(last && pulse?.lastAtMs !== undefined
      ? {
          startedAt: last.startedAt,
          lastHeartbeatAt: iso(pulse.lastAtMs),
          memoryRssBytes: last.memory.rssBytes,
          eventLoopDelayP99Ms: last.eventLoopDelayMs.p99,
        }
      : {}),
  };
}

export function currentStatus(sources: StatusSources): Status {
  const { mode, limits, capabilities } = sources.mode();
  const pulses = sources.pulses();
  const open = sources.open();
  const health = reportHealth({ capabilities, pulses, open }, sources.limits(), sources.now());
  return {
    health,
    mode,
    limits,
    capabilities,
    services: START_ORDER.map((name) =>
      serviceStatus(
        name,
        pulses.find(({ service }) => service === name),
        sources,
      ),
    ),
    incidents: { open: open.length, needsOperator: open.filter(({ needsOperator }) => needsOperator).length },
    words: { operator: tellOperator(mode, open, health.overall_health), streamer: tellStreamer(limits) },
    bus: sources.isConnected() ? 'connected' : 'disconnected',
  };
}

export function statusRoute(app: FastifyInstance, sources: StatusSources): void {
  app.get('/v1/status', { schema: { summary: 'Is the show on?', response: { 200: StatusSchema } } }, async () =>
    currentStatus(sources),
  );
}
