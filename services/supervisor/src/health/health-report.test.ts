import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type CapabilityStates,
  combine,
  FULL_CEILINGS,
  type HealthStatus,
  type Heartbeat,
  type Incident,
  type Observed,
} from '@understudy/shared/contracts';
import fc from 'fast-check';
import { isoAt, T0 } from '../testing/error-events.ts';
import { makeHeartbeat, usingMb } from '../testing/heartbeats.ts';
import { openIncident } from '../testing/incidents.ts';
import { CHECKS, overallHealth, reportHealth } from './health-report.ts';
import type { ServicePulse } from './heartbeat-monitor.ts';

const LIMITS = { memoryShare: 0.8, eventLoopLateMs: 250 };
const full = { level: 'full', by: 'x' } as const;
const ALL: Observed = { hear: full, speak: full, think: full, act: full, see: full };
const states = (own: Observed = {}): CapabilityStates => combine({ ...ALL, ...own }, FULL_CEILINGS);
const pulse = (own: Partial<Heartbeat> = {}, silent = false): ServicePulse => ({
  service: 'llm-service',
  last: makeHeartbeat(own),
  lastAtMs: T0,
  quietSinceMs: T0,
  silent,
  missed: 0,
  starts: [T0],
});
const late = (p99: number) => pulse({ eventLoopDelayMs: { p50: 1, p99, max: p99 } });

describe('the five checks', () => {
  const off = { level: 'off', by: 'no_device' } as const;
  const degraded = { level: 'degraded', by: 'provider:backup' } as const;
  const cases: [
    check: keyof typeof CHECKS,
    capabilities: CapabilityStates,
    pulses: ServicePulse[],
    status: HealthStatus,
    detail: string,
  ][] = [
    ['audio', states(), [], 'HEALTHY', 'hear full by x, speak full by x'],
    ['audio', states({ hear: off }), [], 'UNHEALTHY', 'hear off by no_device, speak full by x'],
    ['audio', states({ speak: degraded }), [], 'DEGRADED', 'hear full by x, speak degraded by provider:backup'],
    ['osc', states({ act: off }), [], 'UNHEALTHY', 'act off by no_device'],
    ['llm', states({ think: degraded }), [], 'DEGRADED', 'think degraded by provider:backup'],
    ['memory', states(), [], 'DEGRADED', 'no service has reported its memory'],
    ['memory', states(), [pulse()], 'HEALTHY', 'llm-service uses 25 % of its limit'],
    [
      'memory',
      states(),
      [pulse(), pulse({ memory: usingMb(320), service: 'cv-service' })],
      'DEGRADED',
      'cv-service uses 80 % of its limit',
    ],
    ['memory', states(), [pulse({ memory: usingMb(400) })], 'UNHEALTHY', 'llm-service uses 100 % of its limit'],
    ['memory', states(), [pulse({ memory: usingMb(400) }, true)], 'DEGRADED', 'no service has reported its memory'],
    ['performance', states(), [], 'DEGRADED', 'no service has sent a heartbeat'],
    ['performance', states(), [pulse()], 'HEALTHY', 'event loop of llm-service 2.0 ms late (p99)'],
    ['performance', states(), [pulse(), late(251)], 'DEGRADED', 'event loop of llm-service 251.0 ms late (p99)'],
    ['performance', states(), [pulse(), pulse({}, true)], 'UNHEALTHY', 'silent: llm-service'],
  ];
  for (const [name, capabilities, pulses, status, detail] of cases) {
    it(`${name}: ${detail}`, () => {
      assert.deepEqual(CHECKS[name].judge({ capabilities, pulses, open: [] }, LIMITS), { status, detail });
    });
  }
});

describe('the whole', () => {
  const roll = (status: HealthStatus, importance: 'critical' | 'important' | 'optional') =>
    overallHealth([
      { status: 'HEALTHY', importance: 'critical' },
      { status, importance },
    ]);

  it('rolls up by importance', () => {
    assert.equal(roll('UNHEALTHY', 'critical'), 'UNHEALTHY');
    assert.equal(roll('UNHEALTHY', 'important'), 'DEGRADED');
    assert.equal(roll('UNHEALTHY', 'optional'), 'HEALTHY');
    assert.equal(roll('DEGRADED', 'critical'), 'DEGRADED');
    assert.equal(roll('DEGRADED', 'important'), 'DEGRADED');
    assert.equal(overallHealth([]), 'HEALTHY');
  });

  it('never gets better by one more failing check', () => {
    const ORDER: HealthStatus[] = ['HEALTHY', 'DEGRADED', 'UNHEALTHY'];
    const check = fc.record({
      status: fc.constantFrom(...ORDER),
      importance: fc.constantFrom('critical' as const, 'important' as const, 'optional' as const),
    });
    fc.assert(
      fc.property(fc.array(check), check, (checks, more) => {
        assert.ok(ORDER.indexOf(overallHealth([...checks, more])) >= ORDER.indexOf(overallHealth(checks)));
      }),
    );
  });

  it('is reported with the user’s fields', () => {
    const report = reportHealth({ capabilities: states(), pulses: [pulse()], open: [] }, LIMITS, T0);
    assert.deepEqual(
      { ...report, checks: report.checks.map(({ name, importance, status }) => `${name} ${importance} ${status}`) },
      {
        overall_health: 'HEALTHY',
        checks: [
          'audio important HEALTHY',
          'osc important HEALTHY',
          'llm critical HEALTHY',
          'memory critical HEALTHY',
          'performance important HEALTHY',
        ],
        timestamp: isoAt(T0),
      },
    );
  });
});

describe('an open incident', () => {
  const whole = (...open: Incident[]) => {
    const { overall_health, checks } = reportHealth({ capabilities: states(), pulses: [pulse()], open }, LIMITS, T0);
    return { overall_health, degraded: checks.filter(({ status }) => status !== 'HEALTHY') };
  };
  const CASES: readonly [code: string, check: string][] = [
    ['AUDIO_DEVICE_SILENT', 'audio'],
    ['SPEECH_FAILED', 'audio'],
    ['OSC_CONNECTION_LOST', 'osc'],
    ['LLM_TIMEOUT', 'llm'],
    ['MEMORY_HIGH', 'memory'],
    ['CV_CHILD_CRASHED', 'performance'],
    ['BUS_UNAVAILABLE', 'performance'],
    ['SERVICE_CRASHED', 'performance'],
  ];
  for (const [code, check] of CASES) {
    it(`${code} keeps the bot from being healthy, and its check, ${check}, names it`, () => {
      const { overall_health, degraded } = whole(openIncident(code, { subject: 'x' }));
      assert.deepEqual(
        [overall_health, degraded.map(({ name, status }) => `${name} ${status}`)],
        ['DEGRADED', [`${check} DEGRADED`]],
      );
      assert.match(degraded[0]?.detail ?? '', new RegExp(`; ${code} x is (open|recovering)$`));
    });
  }

  it('that only informs changes nothing', () => {
    assert.deepEqual(whole({ ...openIncident('LLM_TIMEOUT'), severity: 'INFO' }), {
      overall_health: 'HEALTHY',
      degraded: [],
    });
  });
});
