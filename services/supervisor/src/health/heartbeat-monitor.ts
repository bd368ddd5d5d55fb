import { type Heartbeat, SUPERVISED_SERVICES, type SupervisedService } from '@understudy/shared/contracts';
import type { Finding } from '../intake/front-door.ts';
import { CRASH_LOOP } from '../recover/causes.ts';

export interface HeartbeatPolicy {
  readonly intervalMs: number;
  readonly maxMissed: number;
  readonly startGraceMs: number;
  readonly maxStarts: number;
  readonly startPeriodMs: number;
}

/** What is known of one service by its heartbeats. */
export interface ServicePulse {
  readonly service: SupervisedService;
  readonly last: Heartbeat | undefined;
  /** When the last one arrived, by our own clock. */
  readonly lastAtMs: number | undefined;
  /** Since when it is waited for; time in which nobody could be heard does not count. */
  readonly quietSinceMs: number;
  readonly silent: boolean;
  readonly missed: number;
  /** Start times within the period, oldest first. */
  readonly starts: readonly number[];
}

/** How many starts more a service may make within the period; a parked one none. */
export function startsLeft(
  { last, starts }: Pick<ServicePulse, 'last' | 'starts'>,
  { maxStarts, startPeriodMs }: Pick<HeartbeatPolicy, 'maxStarts' | 'startPeriodMs'>,
  now: number,
): number {
  if (last?.state === 'parked') return 0;
  return Math.max(0, maxStarts - starts.filter((at) => now - at < startPeriodMs).length);
}

/** Time is an argument; the caller says when it looks. */
export function createHeartbeatMonitor(policy: () => HeartbeatPolicy, startedAtMs: number) {
  const unheard = (service: SupervisedService): ServicePulse => ({
    service,
    last: undefined,
    lastAtMs: undefined,
    quietSinceMs: startedAtMs,
    silent: false,
    missed: 0,
    starts: [],
  });
  const pulses = new Map(SUPERVISED_SERVICES.map((service) => [service, unheard(service)]));
  let lastCheckMs = startedAtMs;

  return {
    /** @returns SERVICE_CRASH_LOOP when this start was one too many */
    note(heartbeat: Heartbeat, now: number): Finding[] {
      const service = SUPERVISED_SERVICES.find((name) => name === heartbeat.service);
      const before = service && pulses.get(service);
      if (!service || !before) return [];
      const { maxStarts, startPeriodMs } = policy();
      const restarted = before.last?.instanceId !== heartbeat.instanceId;
      const gap = !restarted && before.last ? Math.max(0, heartbeat.seq - before.last.seq - 1) : 0;
      const starts = restarted ? [...before.starts.filter((at) => now - at < startPeriodMs), now] : before.starts;
      const loops = restarted && starts.length > maxStarts;
      pulses.set(service, {
        service,
        last: heartbeat,
        lastAtMs: now,
        quietSinceMs: now,
        silent: false,
        missed: before.missed + gap,
        // Counted anew: the next so many starts are another loop.
        starts: loops ? [] : starts,
      });
      if (!loops) return [];
      const message = `${service} was started ${starts.length} times within ${startPeriodMs / 1000} s`;
      return [{ service, code: CRASH_LOOP, message, context: { starts: starts.length } }];
    },
    /** @returns SERVICE_SILENT once for each service that has been silent too long */
    check(now: number): Finding[] {
      const { intervalMs, maxMissed, startGraceMs } = policy();
      const passed = now - lastCheckMs;
      // The machine slept, or this process did, or the clock was set: nobody else is to blame for that time.
      const skipped = passed < 0 ? passed : Math.max(0, passed - 3 * intervalMs);
      lastCheckMs = now;
      const findings: Finding[] = [];
      for (const pulse of pulses.values()) {
        const { service, last } = pulse;
        const quietSinceMs = pulse.quietSinceMs + skipped;
        const isStarting = last === undefined || last.state === 'draining';
        const silentMs = now - quietSinceMs;
        const silent = silentMs > (isStarting ? startGraceMs : (maxMissed + 1) * intervalMs);
        const missed = Math.floor(silentMs / intervalMs);
        pulses.set(service, { ...pulse, quietSinceMs, silent, missed: silent ? missed : pulse.missed });
        if (!silent || pulse.silent) continue;
        const message = `${service} has sent no heartbeat for ${silentMs} ms`;
        findings.push({ service, code: 'SERVICE_SILENT', message, context: { missed } });
      }
      return findings;
    },
    /** The bus was away: nobody could be heard, so waiting begins anew. */
    forgive(now: number): void {
      lastCheckMs = now;
      for (const pulse of pulses.values()) pulses.set(pulse.service, { ...pulse, quietSinceMs: now, silent: false });
    },
    pulses: (): readonly ServicePulse[] => [...pulses.values()],
    startsLeft: (pulse: ServicePulse, now: number): number => startsLeft(pulse, policy(), now),
  };
}
export type HeartbeatMonitor = ReturnType<typeof createHeartbeatMonitor>;
