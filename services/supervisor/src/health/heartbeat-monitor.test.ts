import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type Heartbeat, SUPERVISED_SERVICES } from '@understudy/shared/contracts';
import { T0 } from '../testing/error-events.ts';
import { makeHeartbeat } from '../testing/heartbeats.ts';
import { createHeartbeatMonitor, type HeartbeatMonitor, startsLeft } from './heartbeat-monitor.ts';

const POLICY = { intervalMs: 1000, maxMissed: 3, startGraceMs: 20_000, maxStarts: 3, startPeriodMs: 60_000 };
let monitor: HeartbeatMonitor;
const pulse = () => monitor.pulses().find(({ service }) => service === 'llm-service');
/** Looks once a second, as the caller does. @returns who fell silent, and when */
const lookUntil = (from: number, until: number): string[] => {
  const found: string[] = [];
  for (let now = from; now <= until; now += 1000) {
    for (const { service, code } of monitor.check(now)) found.push(`${service} ${code} at ${now - T0}`);
  }
  return found;
};
const silentAt = (ms: number) => `llm-service SERVICE_SILENT at ${ms}`;

beforeEach(() => {
  monitor = createHeartbeatMonitor(() => POLICY, T0);
});

describe('the heartbeat monitor', () => {
  it('finds silence after more than three missed beats, once', () => {
    monitor.note(makeHeartbeat(), T0);
    assert.deepEqual(lookUntil(T0, T0 + 19_000), [silentAt(5000)]);
    assert.deepEqual(
      { ...pulse() },
      {
        service: 'llm-service',
        last: makeHeartbeat(),
        lastAtMs: T0,
        quietSinceMs: T0,
        silent: true,
        missed: 19,
        starts: [T0],
      },
    );
  });

  it('finds it in the same time when the clock is set back meanwhile', () => {
    monitor.note(makeHeartbeat(), T0);
    assert.deepEqual(lookUntil(T0 + 1000, T0 + 2000), []);
    const back = T0 - 3_600_000;
    assert.deepEqual(lookUntil(back, back + 5000), [silentAt(-3_600_000 + 3000)]);
  });

  it('says what it found', () => {
    monitor.note(makeHeartbeat(), T0);
    lookUntil(T0, T0 + 4000);
    assert.deepEqual(monitor.check(T0 + 4001), [
      {
        service: 'llm-service',
        code: 'SERVICE_SILENT',
        message: 'llm-service has sent no heartbeat for 4001 ms',
        context: { missed: 4 },
      },
    ]);
  });

  it('gives a start its time, and those that never came too', () => {
    assert.deepEqual(lookUntil(T0, T0 + 20_000), []);
    assert.equal(monitor.check(T0 + 20_001).length, SUPERVISED_SERVICES.length);
  });

  it('gives one that drains the time of a start', () => {
    monitor.note(makeHeartbeat({ state: 'draining' }), T0);
    assert.deepEqual(lookUntil(T0, T0 + 20_000), []);
  });

  it('finds silence again after a heartbeat', () => {
    monitor.note(makeHeartbeat(), T0);
    lookUntil(T0, T0 + 6000);
    monitor.note(makeHeartbeat({ seq: 9 }), T0 + 7000);
    assert.equal(pulse()?.silent, false);
    assert.deepEqual(lookUntil(T0 + 7000, T0 + 19_000), [silentAt(12_000)]);
  });

  it('counts what is missing between two sequence numbers', () => {
    monitor.note(makeHeartbeat({ seq: 4 }), T0);
    monitor.note(makeHeartbeat({ seq: 5 }), T0 + 1000);
    monitor.note(makeHeartbeat({ seq: 8 }), T0 + 2000);
    monitor.note(makeHeartbeat({ seq: 0, instanceId: 'instance-2' }), T0 + 3000);
    assert.equal(pulse()?.missed, 2);
  });

  it('blames nobody for a time in which the machine slept', () => {
    monitor.note(makeHeartbeat(), T0);
    lookUntil(T0, T0 + 1000);
    const woken = T0 + 3_600_000;
    assert.deepEqual(lookUntil(woken, woken), []);
    assert.deepEqual(lookUntil(woken + 1000, woken + 2000).length, 1, 'but for what goes on after it');
  });

  it('waits anew after a time without NATS, and not longer', () => {
    monitor.note(makeHeartbeat(), T0);
    lookUntil(T0, T0 + 1000);
    const back = T0 + 600_000;
    monitor.forgive(back);
    assert.deepEqual(lookUntil(back, back + 10_000), [silentAt(605_000)]);
    assert.equal(pulse()?.lastAtMs, T0, 'the last one came when it came');
  });

  it('finds a crash loop at the start that is one too many, and counts anew', () => {
    const starts = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) =>
        monitor.note(makeHeartbeat({ instanceId: `life-${from + n}` }), T0 + (from + n) * 1000),
      ).flat();
    assert.deepEqual(starts(0, 4), [
      {
        service: 'llm-service',
        code: 'SERVICE_CRASH_LOOP',
        message: 'llm-service was started 4 times within 60 s',
        context: { starts: 4 },
      },
    ]);
    assert.deepEqual(starts(4, 3), []);
    assert.equal(starts(7, 1).length, 1);
  });

  it('calls no loop what is spread over a longer time', () => {
    const findings = Array.from({ length: 10 }, (_, n) =>
      monitor.note(makeHeartbeat({ instanceId: `life-${n}` }), T0 + n * 20_001),
    );
    assert.deepEqual(findings.flat(), []);
  });

  it('does not listen to whom it does not supervise', () => {
    assert.deepEqual(monitor.note(makeHeartbeat({ service: 'supervisor' }), T0), []);
  });
});

describe('startsLeft', () => {
  const policy = { maxStarts: 3, startPeriodMs: 60_000 };
  const left = (starts: number[], state: Heartbeat['state'] = 'ready') =>
    startsLeft({ last: makeHeartbeat({ state }), starts }, policy, T0);

  it('counts the starts within the period, and grants a parked service none', () => {
    assert.equal(startsLeft({ last: undefined, starts: [] }, policy, T0), 3);
    assert.equal(left([T0 - 60_000, T0 - 59_999, T0]), 1);
    assert.equal(left([T0 - 3, T0 - 2, T0 - 1, T0]), 0);
    assert.equal(left([], 'parked'), 0);
  });
});
