import {
  type CapabilityStates,
  effective,
  type HealthCheck,
  type HealthCheckName,
  type HealthReport,
  type HealthStatus,
  type LevelBy,
} from '@understudy/shared/contracts';
import type { ServicePulse } from './heartbeat-monitor.ts';

export interface HealthLimits {
  readonly memoryShare: number;
  readonly eventLoopLateMs: number;
}

type Verdict = Pick<HealthCheck, 'status' | 'detail'>;
interface CheckRow {
  readonly importance: HealthCheck['importance'];
  readonly judge: (capabilities: CapabilityStates, pulses: readonly ServicePulse[], limits: HealthLimits) => Verdict;
}

const STATUS_OF_LEVEL: Record<LevelBy['level'], HealthStatus> = {
  full: 'HEALTHY',
  degraded: 'DEGRADED',
  off: 'UNHEALTHY',
};
const WORST: readonly HealthStatus[] = ['HEALTHY', 'DEGRADED', 'UNHEALTHY'];
const worst = (statuses: readonly HealthStatus[]): HealthStatus =>
  statuses.reduce((a, b) => (WORST.indexOf(b) > WORST.indexOf(a) ? b : a), 'HEALTHY');

const ofCapabilities =
  (...names: (keyof CapabilityStates)[]) =>
  (capabilities: CapabilityStates): Verdict => {
    const levels = names.map((name) => ({ name, level: effective(capabilities[name]) }));
    return {
      status: worst(levels.map(({ level }) => STATUS_OF_LEVEL[level.level])),
      detail: levels.map(({ name, level }) => `${name} ${level.level} by ${level.by}`).join(', '),
    };
  };

const beats = (pulses: readonly ServicePulse[]) =>
  pulses.flatMap(({ last, silent }) => (last && !silent ? [last] : []));

/** The user's five checks. `critical` alone can make the whole UNHEALTHY: without a model's answer there is no bot, without an avatar there is. */
export const CHECKS: Readonly<Record<HealthCheckName, CheckRow>> = {
  audio: { importance: 'important', judge: ofCapabilities('hear', 'speak') },
  osc: { importance: 'important', judge: ofCapabilities('act') },
  llm: { importance: 'critical', judge: ofCapabilities('think') },
  memory: {
    importance: 'critical',
    judge: (_capabilities, pulses, { memoryShare }) => {
      const shares = beats(pulses).map(({ service, memory }) => ({
        service,
        share: memory.rssBytes / memory.limitBytes,
      }));
      const [most] = shares.sort((a, b) => b.share - a.share);
      if (!most) return { status: 'DEGRADED', detail: 'no service has reported its memory' };
      const status = most.share >= 1 ? 'UNHEALTHY' : most.share >= memoryShare ? 'DEGRADED' : 'HEALTHY';
      return { status, detail: `${most.service} uses ${Math.round(most.share * 100)} % of its limit` };
    },
  },
  performance: {
    importance: 'important',
    judge: (_capabilities, pulses, { eventLoopLateMs }) => {
      const silent = pulses.filter((pulse) => pulse.silent).map(({ service }) => service);
      if (silent.length > 0) return { status: 'UNHEALTHY', detail: `silent: ${silent.join(', ')}` };
      const [latest] = beats(pulses).sort((a, b) => b.eventLoopDelayMs.p99 - a.eventLoopDelayMs.p99);
      if (!latest) return { status: 'DEGRADED', detail: 'no service has sent a heartbeat' };
      const { p99 } = latest.eventLoopDelayMs;
      return {
        status: p99 > eventLoopLateMs ? 'DEGRADED' : 'HEALTHY',
        detail: `event loop of ${latest.service} ${p99.toFixed(1)} ms late (p99)`,
      };
    },
  },
};

/** By importance: an unhealthy important part degrades the whole, an unhealthy critical one makes it unhealthy. */
export function overallHealth(checks: readonly Pick<HealthCheck, 'status' | 'importance'>[]): HealthStatus {
  return worst(
    checks.map(({ status, importance }) => {
      if (importance === 'optional') return 'HEALTHY';
      return status === 'UNHEALTHY' && importance === 'important' ? 'DEGRADED' : status;
    }),
  );
}

export function reportHealth(
  capabilities: CapabilityStates,
  pulses: readonly ServicePulse[],
  limits: HealthLimits,
  nowMs: number,
): HealthReport {
  const rows = Object.entries(CHECKS) as [HealthCheckName, CheckRow][];
  const checks = rows.map(([name, { importance, judge }]) => ({
    name,
    importance,
    ...judge(capabilities, pulses, limits),
  }));
  return { overall_health: overallHealth(checks), checks, timestamp: new Date(nowMs).toISOString() };
}
