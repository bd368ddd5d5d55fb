import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { HealthReport, Heartbeat } from '@understudy/shared/contracts';
import { createCountedMetrics } from '../testing/counted-metrics.ts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { makeHeartbeat, usingMb } from '../testing/heartbeats.ts';
import { createCapabilityBoard } from './capability-board.ts';
import { createHeartbeatMonitor } from './heartbeat-monitor.ts';
import { createVitalSigns } from './vital-signs.ts';
import { type HealthWatch, watchHealth } from './watch-health.ts';

let now: number;
let connected: boolean;
let answers: boolean;
let hear: (heartbeat: Heartbeat) => void;
let connect: (connected: boolean) => void;
let raised: string[];
let changed: unknown[];
let modes: string[];
let watch: HealthWatch;
let counted: ReturnType<typeof createCountedMetrics>;
let report: HealthReport;

function begin(isConnected: boolean): void {
  [now, connected, answers, raised, changed, modes] = [T0, isConnected, true, [], [], []];
  counted = createCountedMetrics();
  report = {
    overall_health: 'DEGRADED',
    checks: [{ name: 'llm', status: 'HEALTHY', importance: 'critical', detail: '' }],
    timestamp: isoAt(T0),
  };
  const board = createCapabilityBoard();
  const policy = { intervalMs: 1000, maxMissed: 3, startGraceMs: 20_000, maxStarts: 2, startPeriodMs: 60_000 };
  const vitals = { memoryShare: 0.8, eventLoopLateMs: 250, growthWindowMs: 60_000, forecastMs: 600_000 };
  watch = watchHealth({
    hub: {
      isConnected: () => connected,
      answers: async () => answers,
      onHeartbeat(handle) {
        hear = handle;
      },
      onConnection(listener) {
        connect = (value) => {
          connected = value;
          listener(value);
        };
        listener(connected);
        return () => true;
      },
    },
    monitor: createHeartbeatMonitor(() => policy, T0),
    vitalSigns: createVitalSigns(() => vitals),
    board,
    mode: {
      current: () => board.solve([], now),
      refresh: () => void modes.push('refresh'),
      tick: () => void modes.push('tick'),
      onChange: () => () => true,
    },
    metrics: counted.metrics,
    intervalMs: 1000,
    startGraceMs: 20_000,
    now: () => now,
    report: () => report,
    raise: ({ code, service }) => void raised.push(`${code} ${service}`),
    onChanged: (what) => void changed.push(what),
  });
  [modes, changed] = [[], []];
}
beforeEach(() => begin(true));

const lookFor = async (seconds: number) => {
  for (let second = 0; second < seconds; second += 1) {
    now += 1000;
    watch.look();
    // NATS has been asked, and has answered.
    await setImmediate();
  }
};

describe('the health watch', () => {
  it('tells what a heartbeat changed: the service is back, a capability is another', () => {
    hear(makeHeartbeat());
    assert.deepEqual(changed, [{ capability: 'think' }, { service: 'llm-service' }]);
    assert.deepEqual(modes, ['refresh']);
    hear(makeHeartbeat({ seq: 1 }));
    assert.equal(changed.length, 2);
    hear(makeHeartbeat({ seq: 2, state: 'draining' }));
    assert.deepEqual(changed.slice(2), [{ service: 'llm-service' }]);
  });

  it('raises silence once, takes the capabilities with it, and knows when the service is back', async () => {
    hear(makeHeartbeat());
    await lookFor(10);
    assert.deepEqual(raised, ['SERVICE_SILENT llm-service']);
    changed = [];
    hear(makeHeartbeat({ seq: 11 }));
    assert.deepEqual(changed, [{ capability: 'think' }, { service: 'llm-service' }]);
    assert.deepEqual(await counted.lines('understudy_missed_heartbeats_total'), [
      'understudy_missed_heartbeats_total{of="llm-service"} 5',
    ]);
  });

  it('raises no silence of a service whose heartbeats had only waited here while this process was late', async () => {
    hear(makeHeartbeat());
    await lookFor(3);
    now += 3000;
    watch.look();
    // It came before the answer of NATS, and so before the look is over.
    hear(makeHeartbeat({ seq: 6 }));
    await setImmediate();
    assert.deepEqual(raised, []);
    assert.deepEqual(await counted.lines('understudy_missed_heartbeats_total'), []);
    await lookFor(5);
    assert.deepEqual(raised, ['SERVICE_SILENT llm-service']);
  });

  it('raises what a heartbeat shows', () => {
    for (const n of [1, 2, 3]) hear(makeHeartbeat({ instanceId: `life-${n}` }));
    for (const n of [1, 2, 3]) hear(makeHeartbeat({ instanceId: 'life-3', seq: n, memory: usingMb(390) }));
    assert.deepEqual(raised, ['SERVICE_CRASH_LOOP llm-service', 'MEMORY_HIGH llm-service']);
  });

  it('raises the loss of NATS once, instead of the silence that follows from it', async () => {
    hear(makeHeartbeat());
    connect(false);
    watch.look();
    assert.deepEqual(raised, [], 'not for the first moment');
    await lookFor(60);
    assert.deepEqual(raised, ['BUS_UNAVAILABLE supervisor']);
    connect(true);
    assert.deepEqual(changed.at(-1), { service: 'supervisor' });
    await lookFor(4);
    assert.deepEqual(raised, ['BUS_UNAVAILABLE supervisor'], 'a service has its time to be heard again');
    connect(false);
    await lookFor(2);
    assert.equal(raised.length, 2, 'another outage is another failure');
  });

  it('takes a silence for one of NATS when NATS itself does not answer', async () => {
    hear(makeHeartbeat());
    answers = false;
    await lookFor(6);
    assert.deepEqual(raised, []);
    connect(false);
    await lookFor(2);
    assert.deepEqual(raised, ['BUS_UNAVAILABLE supervisor']);
  });

  it('tells a silence after all when NATS answers again without having been lost', async () => {
    hear(makeHeartbeat());
    answers = false;
    await lookFor(6);
    answers = true;
    await lookFor(5);
    assert.deepEqual(raised, ['SERVICE_SILENT llm-service']);
  });

  it('gives NATS the time of a start before its absence is a failure', async () => {
    begin(false);
    await lookFor(19);
    assert.deepEqual(raised, []);
    await lookFor(10);
    assert.deepEqual(raised, ['BUS_UNAVAILABLE supervisor']);
  });

  it('measures starts, the last heartbeat and every check', async () => {
    hear(makeHeartbeat());
    watch.look();
    assert.deepEqual(await counted.lines('understudy_service_starts_total'), [
      'understudy_service_starts_total{of="llm-service"} 1',
    ]);
    assert.deepEqual(await counted.lines('understudy_last_heartbeat_timestamp_seconds'), [
      `understudy_last_heartbeat_timestamp_seconds{of="llm-service"} ${T0 / 1000}`,
    ]);
    assert.deepEqual(await counted.lines('understudy_restart_budget_remaining'), [
      'understudy_restart_budget_remaining{of="audio-gateway"} 2',
      'understudy_restart_budget_remaining{of="osc-bridge"} 2',
      'understudy_restart_budget_remaining{of="llm-service"} 1',
      'understudy_restart_budget_remaining{of="cv-service"} 2',
    ]);
    assert.deepEqual(await counted.lines('understudy_health_status'), [
      'understudy_health_status{check="overall"} 1',
      'understudy_health_status{check="llm"} 2',
    ]);
  });

  it('says the mode at every look', async () => {
    await lookFor(3);
    assert.deepEqual(modes, ['tick', 'tick', 'tick']);
  });
});
