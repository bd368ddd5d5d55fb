import {
  type Capability,
  type CapabilityStates,
  effective,
  type HealthCheck,
  type HealthCheckName,
  type HealthReport,
  type HealthStatus,
  type Incident,
  isAtLeast,
  type LevelBy,
} from '@understudy/shared/contracts';
import type { ServicePulse } from './heartbeat-monitor.ts';

export interface HealthLimits {
  readonly memoryShare: number;
  readonly eventLoopLateMs: number;
}

/** What a report is made of. */
export interface HealthFacts {
  readonly capabilities: CapabilityStates;
  readonly pulses: readonly ServicePulse[];
  /** The incidents that are not resolved. */
  readonly open: readonly Incident[];
}

type Verdict = Pick<HealthCheck, 'status' | 'detail'>;
interface CheckRow {
  readonly importance: HealthCheck['importance'];
  readonly judge: (facts: HealthFacts, limits: HealthLimits) => Verdict;
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
  ({ capabilities }: HealthFacts): Verdict => {
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
    judge: ({ pulses }, { memoryShare }) => {
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
    judge: ({ pulses }, { eventLoopLateMs }) => {
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

const CHECK_OF_CAPABILITY: Readonly<Partial<Record<Capability, HealthCheckName>>> = {
  hear: 'audio',
  speak: 'audio',
  think: 'llm',
  act: 'osc',
};
const MEMORY_CATEGORY = 'MEMORY_EXHAUSTION';

/** Under which of the five an incident stands; `performance` has what none of the others is about (vision, the bus, a service). */
function checkOf({ category, capability }: Incident): HealthCheckName {
  if (category === MEMORY_CATEGORY) return 'memory';
  return (capability && CHECK_OF_CAPABILITY[capability]) ?? 'performance';
}

/** As long as an incident that warns is open its check is not healthy, whatever is measured. */
function withIncidents(verdict: Verdict, incidents: readonly Incident[]): Verdict {
  if (incidents.length === 0) return verdict;
  const named = incidents.map(({ code, subject, state }) => `${[code, subject].filter(Boolean).join(' ')} is ${state}`);
  return { status: worst([verdict.status, 'DEGRADED']), detail: [verdict.detail, ...named].join('; ') };
}

/** By importance: an unhealthy important part degrades the whole, an unhealthy critical one makes it unhealthy. */
export function overallHealth(checks: readonly Pick<HealthCheck, 'status' | 'importance'>[]): HealthStatus {
  return worst(
    checks.map(({ status, importance }) => {
      if (importance === 'optional') return 'HEALTHY';
      return status === 'UNHEALTHY' && importance === 'important' ? 'DEGRADED' : status;
    }),
  );
}

export function reportHealth(facts: HealthFacts, limits: HealthLimits, nowMs: number): HealthReport {
  const rows = Object.entries(CHECKS) as [HealthCheckName, CheckRow][];
  const warning = facts.open.filter(({ severity }) => isAtLeast(severity, 'WARNING'));
  const checks = rows.map(([name, { importance, judge }]) => ({
    name,
    importance,
    ...withIncidents(
      judge(facts, limits),
      warning.filter((incident) => checkOf(incident) === name),
    ),
  }));
  return { overall_health: overallHealth(checks), checks, timestamp: new Date(nowMs).toISOString() };
}
