import {
  type Capability,
  HEALTH_CHECKS,
  type HealthReport,
  type Heartbeat,
  type ServiceName,
  SUPERVISED_SERVICES,
} from '@understudy/shared/contracts';
import type { Hub } from '@understudy/shared/messaging';
import type { Metrics } from '@understudy/shared/telemetry';
import type { Finding } from '../intake/front-door.ts';
import type { CapabilityBoard } from './capability-board.ts';
import type { HeartbeatMonitor } from './heartbeat-monitor.ts';
import type { ModePublisher } from './mode-publisher.ts';

export interface HealthWatchOptions {
  readonly hub: Pick<Hub, 'onHeartbeat' | 'onConnection' | 'isConnected' | 'answers'>;
  readonly monitor: HeartbeatMonitor;
  readonly vitalSigns: (heartbeat: Heartbeat, now: number) => Finding[];
  readonly board: CapabilityBoard;
  readonly mode: ModePublisher;
  readonly metrics: Metrics;
  /** How long NATS may be away before that is a failure: in the middle of the run, and at the start. */
  readonly intervalMs: number;
  readonly startGraceMs: number;
  readonly now: () => number;
  readonly report: () => HealthReport;
  /** The same front door as a service's errors. */
  readonly raise: (finding: Finding) => void;
  readonly onChanged: (what: { capability?: Capability; service?: ServiceName }) => void;
}

const SCORE = { UNHEALTHY: 0, DEGRADED: 1, HEALTHY: 2 } as const;

export interface HealthWatch {
  /** Looks now; the caller says when, once an interval. */
  look(): void;
}

/** Hears every heartbeat, looks when told to, and raises what it finds. */
export function watchHealth(options: HealthWatchOptions): HealthWatch {
  const { hub, monitor, board, mode, metrics, now } = options;
  /** Looks without a connection; no clock that may be set. */
  let looksAway = 0;
  let busRaised = false;
  let wasConnected = false;

  hub.onHeartbeat((heartbeat) => {
    const service = SUPERVISED_SERVICES.find((name) => name === heartbeat.service);
    if (!service) return;
    const before = monitor.pulses().find((pulse) => pulse.service === service);
    const started = before?.last?.instanceId !== heartbeat.instanceId;
    const back = started || before?.silent || before?.last?.state !== heartbeat.state;
    metrics.set('understudy_last_heartbeat_timestamp_seconds', { of: service }, now() / 1000);
    if (started) metrics.inc('understudy_service_starts_total', { of: service });
    for (const finding of [...monitor.note(heartbeat, now()), ...options.vitalSigns(heartbeat, now())])
      options.raise(finding);
    const changed = board.observe(service, heartbeat.observed);
    if (changed.length > 0) mode.refresh();
    for (const capability of changed) options.onChanged({ capability });
    if (back) options.onChanged({ service });
  });
  hub.onConnection((connected) => {
    looksAway = 0;
    if (!connected) return;
    busRaised = false;
    wasConnected = true;
    monitor.forgive(now());
    mode.tick();
    options.onChanged({ service: 'supervisor' });
  });

  const patienceMs = () => (wasConnected ? options.intervalMs : options.startGraceMs);

  /**
   * Where NATS does not answer, its silence is not theirs: the connection will tell, and waiting begins anew. What it had sent before it
   * answered has been heard by then: a service whose heartbeats had only waited here is not silent.
   */
  const raiseSilence = async (findings: readonly Finding[]): Promise<void> => {
    if (!(await hub.answers(options.intervalMs))) return monitor.forgive(now());
    for (const finding of findings) {
      const pulse = monitor.pulses().find(({ service }) => service === finding.service);
      if (!pulse?.silent) continue;
      board.silence(pulse.service);
      metrics.inc('understudy_missed_heartbeats_total', { of: pulse.service }, pulse.missed);
      options.raise(finding);
    }
  };

  const lookForBus = () => {
    if (!busRaised && looksAway * options.intervalMs >= patienceMs()) {
      busRaised = true;
      options.raise({
        service: 'supervisor',
        code: 'BUS_UNAVAILABLE',
        message: wasConnected
          ? 'The supervisor has lost its connection to NATS'
          : 'The supervisor has not reached NATS since it started',
      });
    }
    looksAway += 1;
  };

  const look = () => {
    if (hub.isConnected()) {
      const findings = monitor.check(now());
      if (findings.length > 0) void raiseSilence(findings);
    } else lookForBus();
    for (const pulse of monitor.pulses()) {
      metrics.set('understudy_restart_budget_remaining', { of: pulse.service }, monitor.startsLeft(pulse, now()));
    }
    const { overall_health, checks } = options.report();
    metrics.set('understudy_health_status', { check: 'overall' }, SCORE[overall_health]);
    for (const name of HEALTH_CHECKS) {
      const status = checks.find((check) => check.name === name)?.status ?? 'UNHEALTHY';
      metrics.set('understudy_health_status', { check: name }, SCORE[status]);
    }
    mode.tick();
  };
  return { look };
}
