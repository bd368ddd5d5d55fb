import type { ResolvedConfig } from '@understudy/shared/config';
import type { Incident, Observed, SupervisedService } from '@understudy/shared/contracts';
import type { Hub } from '@understudy/shared/messaging';
import type { Metrics } from '@understudy/shared/telemetry';
import { createCapabilityBoard } from './capability-board.ts';
import { type HealthLimits, reportHealth } from './health-report.ts';
import { createHeartbeatMonitor, type HeartbeatPolicy } from './heartbeat-monitor.ts';
import { createModePublisher } from './mode-publisher.ts';
import { createVitalSigns } from './vital-signs.ts';
import { type HealthWatchOptions, watchHealth } from './watch-health.ts';

export interface HealthOptions extends Pick<HealthWatchOptions, 'raise' | 'onChanged'> {
  readonly config: () => ResolvedConfig;
  readonly hub: Pick<Hub, 'isConnected' | 'answers' | 'onHeartbeat' | 'onConnection' | 'publishMode' | 'writeKey'>;
  readonly open: () => readonly Incident[];
  readonly metrics: Metrics;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** Heartbeats in which a service that runs is heard of. */
const INFORMED_AFTER_BEATS = 3;

const limitsOf = ({ alerts, health }: ResolvedConfig): HealthLimits => ({
  memoryShare: Number.parseInt(alerts.resource_usage.memory_threshold, 10) / 100,
  eventLoopLateMs: health.event_loop_late_ms,
});

const heartbeatPolicyOf = ({ health, recovery }: ResolvedConfig): HeartbeatPolicy => ({
  intervalMs: health.heartbeat_interval_ms,
  maxMissed: health.max_missed_heartbeats,
  startGraceMs: health.start_grace_ms,
  maxStarts: recovery.restart_intensity.max_starts,
  startPeriodMs: recovery.restart_intensity.period_ms,
});

/** The room's parts, wired: it hears and looks from now on, and speaks of the mode once it is informed. */
export function createHealth({ config, hub, open, metrics, now, raise, onChanged, onError }: HealthOptions) {
  const limits = () => limitsOf(config());
  const { heartbeat_interval_ms: intervalMs, start_grace_ms: startGraceMs } = config().health;
  const board = createCapabilityBoard();
  const monitor = createHeartbeatMonitor(() => heartbeatPolicyOf(config()), now());
  const vitalSigns = createVitalSigns(() => ({
    ...limits(),
    growthWindowMs: config().health.memory_growth_window_ms,
    forecastMs: config().health.memory_forecast_ms,
  }));

  let begunAt: number | undefined;
  /** Until then the services know more of each other than a supervisor that has just started. */
  const isInformed = (): boolean => {
    if (begunAt === undefined) return false;
    const everybody = monitor.pulses().every(({ last }) => last !== undefined);
    return everybody || now() - begunAt >= INFORMED_AFTER_BEATS * intervalMs;
  };
  const mode = createModePublisher({
    board,
    open,
    hub: {
      isConnected: () => hub.isConnected() && isInformed(),
      publishMode: (change) => {
        if (isInformed()) hub.publishMode(change);
      },
      writeKey: hub.writeKey,
    },
    metrics,
    now,
    onError,
  });
  const watch = watchHealth({
    hub,
    monitor,
    vitalSigns,
    board,
    mode,
    metrics,
    intervalMs,
    startGraceMs,
    now,
    report: () =>
      reportHealth(
        { capabilities: mode.current().capabilities, pulses: monitor.pulses(), open: open() },
        limits(),
        now(),
      ),
    raise,
    onChanged,
  });
  const looking = setInterval(watch.look, intervalMs);
  let forgetting: NodeJS.Timeout | undefined;
  const forgetUnheard = () => {
    for (const { service, last } of monitor.pulses()) if (last === undefined) board.forget(service);
    mode.tick();
  };

  return {
    mode,
    limits,
    pulses: monitor.pulses,
    /** What a service had observed before this supervisor began. It holds until a heartbeat says more, and not for long without one. */
    recall(service: SupervisedService, observed: Observed): void {
      board.observe(service, observed);
    },
    /** The incidents have been read: what they hold down counts. */
    begin(): void {
      begunAt = now();
      forgetting = setTimeout(forgetUnheard, INFORMED_AFTER_BEATS * intervalMs);
      mode.tick();
    },
    stop() {
      clearInterval(looking);
      clearTimeout(forgetting);
    },
  };
}
