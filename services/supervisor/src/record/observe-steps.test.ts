import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Attempt, Incident, IncidentStep } from '@understudy/shared/contracts';
import type { LogFields, Logger } from '@understudy/shared/telemetry';
import { createCountedMetrics } from '../testing/counted-metrics.ts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { foldKnown, openIncident } from '../testing/incidents.ts';
import { observeSteps } from './observe-steps.ts';

function createRecorder() {
  const lines: { level: string; message: string; fields: LogFields | undefined }[] = [];
  const at = (level: string) => (message: string, fields?: LogFields) => void lines.push({ level, message, fields });
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warning: at('warning'),
    error: at('error'),
    critical: at('critical'),
    child: () => logger,
    logPerformance: () => {},
    close: () => {},
  };
  return { lines, logger };
}

function observing() {
  const { lines, logger } = createRecorder();
  const { metrics, lines: measured } = createCountedMetrics();
  const observe = observeSteps(logger, metrics);
  const take = (incident: Incident, step: IncidentStep) => {
    const next = foldKnown(incident, [step]);
    observe(next, step);
    return next;
  };
  return { lines, measured, take };
}

const attempt = (own: Partial<Attempt>): Attempt => ({
  attempt: 1,
  commandId: 'command-0001',
  label: 'reconnect:1',
  strategy: 'reconnect_retry',
  commands: [],
  startedAt: isoAt(T0),
  ...own,
});
const lost = openIncident('OSC_CONNECTION_LOST');
const opened: IncidentStep = { type: 'opened', at: isoAt(T0), incident: lost, errorId: 'error-00001' };
const degraded = (verified: boolean, ms: number): IncidentStep => ({
  type: 'degraded',
  at: isoAt(T0 + ms),
  by: 'no_act',
  verified,
  ceilings: {},
  essential: false,
});

describe('observeSteps', () => {
  it('logs every step in words, with what leads to the incident', () => {
    const { lines, take } = observing();
    take(lost, opened);
    assert.deepEqual(lines, [
      {
        level: 'warning',
        message:
          'Detected OSC_CONNECTION_LOST (ERROR): VRChat gives no sign that it receives OSC. OSC Connection Error in a test',
        fields: {
          error_code: 'OSC_CONNECTION_LOST',
          incident_id: lost.id,
          context: { step: 'opened', state: 'open', service: 'osc-bridge' },
        },
      },
    ]);
  });

  it('warns of what went wrong and only informs of what was done', () => {
    const { lines, take } = observing();
    const steps: IncidentStep[] = [
      opened,
      { type: 'attempt_started', at: isoAt(T0), attempt: attempt({}) },
      degraded(false, 0),
      { type: 'resolved', at: isoAt(T0), reason: 'proved' },
    ];
    for (const step of steps) take(lost, step);
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['warning', 'info', 'warning', 'info'],
    );
  });

  it('counts openings, attempts by result, and recoveries with their time', async () => {
    const { measured, take } = observing();
    let incident = take(lost, opened);
    const finish = (ms: number, outcome: NonNullable<Attempt['outcome']>, verified: boolean): IncidentStep => ({
      type: 'attempt_finished',
      at: isoAt(T0 + ms),
      durationMs: 1,
      attempt: attempt({ outcome, verified, commandId: `command-${ms}` }),
    });
    incident = take(incident, finish(500, 'unreachable', false));
    incident = take(incident, finish(1000, 'done', false));
    incident = take(incident, finish(1200, 'gone', false));
    incident = take(incident, finish(1500, 'done', true));
    incident = take(incident, finish(2000, 'done', true));
    incident = take(incident, degraded(true, 2000));
    incident = take(incident, degraded(false, 3000));
    take(incident, { type: 'resolved', at: isoAt(T0 + 4000), reason: 'proved' });
    take(incident, { type: 'resolved', at: isoAt(T0 + 9000), reason: 'not configured', gone: true });
    assert.deepEqual(await measured('understudy_incidents_opened_total'), [
      'understudy_incidents_opened_total{category="OSC_CONNECTION_ERROR",code="OSC_CONNECTION_LOST"} 1',
    ]);
    assert.deepEqual((await measured('understudy_recovery_attempts_total')).toSorted(), [
      'understudy_recovery_attempts_total{strategy="reconnect_retry",result="unreachable"} 1',
      'understudy_recovery_attempts_total{strategy="reconnect_retry",result="unverified"} 2',
      'understudy_recovery_attempts_total{strategy="reconnect_retry",result="verified"} 2',
    ]);
    assert.deepEqual((await measured('understudy_recoveries_total')).toSorted(), [
      'understudy_recoveries_total{strategy="reconnect_retry",outcome="degraded"} 2',
      'understudy_recoveries_total{strategy="reconnect_retry",outcome="gone"} 1',
      'understudy_recoveries_total{strategy="reconnect_retry",outcome="recovered"} 1',
    ]);
    assert.deepEqual(await measured('understudy_recovery_duration_seconds_sum'), [
      'understudy_recovery_duration_seconds_sum{strategy="reconnect_retry"} 1.5',
    ]);
    assert.deepEqual(await measured('understudy_incident_duration_seconds_sum'), [
      'understudy_incident_duration_seconds_sum 4',
    ]);
  });

  it('counts the time of one that came back from its return', async () => {
    const { measured, take } = observing();
    const resolvedAt = (ms: number): IncidentStep => ({ type: 'resolved', at: isoAt(T0 + ms), reason: 'proved' });
    let incident = take(take(lost, opened), resolvedAt(4000));
    incident = take(incident, { type: 'reopened', at: isoAt(T0 + 60_000), errorId: 'error-00002' });
    take(incident, resolvedAt(61_000));
    assert.deepEqual(await measured('understudy_incident_duration_seconds_sum'), [
      'understudy_incident_duration_seconds_sum 5',
    ]);
  });
});
