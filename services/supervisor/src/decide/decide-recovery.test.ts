import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorEvent } from '@understudy/shared/contracts';
import { classifyError } from '../classify/classify-error.ts';
import { EMPTY_HISTORY, type IncidentSummary } from '../classify/history.ts';
import { foldIncident } from '../record/fold-incident.ts';
import { createHistoryIndex } from '../record/history-index.ts';
import { isoAt, makeEvent, T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { decideRecovery } from './decide-recovery.ts';

const POLICY = { reopenWithinMs: 600_000 };
const NOW = T0 + 60_000;

type Known = ReturnType<typeof openIncident>;
const resolved = (incident: Known, at = T0): Known =>
  foldIncident(incident, [{ type: 'resolved', at: isoAt(at), reason: 'proved' }]) ?? incident;

function decide(known: readonly Known[], code: string, own: Partial<ErrorEvent> = {}, now = NOW) {
  const index = createHistoryIndex();
  for (const incident of known) index.update(incident);
  return decideRecovery(classifyError(makeEvent(code, own), index.history, now), index.history, POLICY, now);
}

describe('decideRecovery', () => {
  const opened = {
    AUDIO_DEVICE_LOST: 'device_fallback',
    OSC_CONNECTION_LOST: 'reconnect_retry',
    LLM_TIMEOUT: 'cache_fallback',
    CV_CHILD_CRASHED: 'disable_feature',
    CONFIGURATION_INVALID: 'default_fallback',
    MEMORY_HIGH: 'clear_and_restart',
    A_CODE_OF_TOMORROW: 'reconnect_retry',
  };
  for (const [code, strategy] of Object.entries(opened)) {
    it(`opens an incident for ${code} and treats it by ${strategy}`, () => {
      const { type, ...rest } = decide([], code);
      assert.equal(type, 'open');
      assert.equal('strategy' in rest && rest.strategy, strategy);
    });
  }

  for (const code of ['LLM_REFUSAL', 'OPERATION_SLOW', 'CV_BAD_FRAME', 'EVENT_REJECTED']) {
    it(`only counts ${code}`, () => {
      assert.deepEqual(decide([], code), { type: 'record_only', reason: `${code} is no outage` });
    });
  }

  it('only counts what is no failure of ours, however grave it is called', () => {
    const refusal = { ...classifyError(makeEvent('LLM_REFUSAL'), EMPTY_HISTORY, NOW), severity: 'ERROR' as const };
    assert.equal(decideRecovery(refusal, EMPTY_HISTORY, POLICY, NOW).type, 'record_only');
  });

  it('says that an operator must act', () => {
    assert.deepEqual(decide([], 'LLM_QUOTA_EXHAUSTED'), {
      type: 'open',
      strategy: 'cache_fallback',
      reason: 'an operator must act; it is watched, not retried',
    });
  });

  it('never opens twice what is open', () => {
    const open = openIncident('LLM_TIMEOUT', { subject: 'primary' });
    assert.deepEqual(decide([open], 'LLM_TIMEOUT', { subject: 'primary' }), {
      type: 'repeat',
      incidentId: open.id,
      reason: 'llm-service/LLM_TIMEOUT/primary is being treated',
    });
  });

  it('lets another cause for the same capability join', () => {
    const open = openIncident('LLM_TIMEOUT', { subject: 'primary' });
    assert.deepEqual(decide([open], 'LLM_BAD_KEY', { subject: 'backup' }), {
      type: 'join',
      incidentId: open.id,
      reason: 'think is being recovered already',
    });
  });

  it('keeps two capabilities of one service apart', () => {
    assert.equal(decide([openIncident('AUDIO_DEVICE_LOST')], 'AUDIO_OUTPUT_LOST').type, 'open');
  });

  it('lets causes without a capability join by service and category', () => {
    const growing = openIncident('MEMORY_GROWING');
    assert.equal(decide([growing], 'MEMORY_HIGH').type, 'join');
    assert.equal(decide([growing], 'MEMORY_HIGH', { service: 'cv-service' }).type, 'open');
    assert.equal(decide([growing], 'EVENT_LOOP_LATE').type, 'open');
  });

  it('keeps what took a capability apart from what took none', () => {
    const thinking = openIncident('UNEXPECTED_ERROR', { capability: 'think' });
    assert.equal(decide([thinking], 'UNEXPECTED_ERROR', { subject: 'timer' }).type, 'open');
  });

  const symptoms: [
    root: string,
    own: Partial<ErrorEvent>,
    symptom: string,
    ownOfSymptom: Partial<ErrorEvent>,
    type: string,
  ][] = [
    ['SERVICE_SILENT', { service: 'osc-bridge' }, 'OSC_CONNECTION_LOST', {}, 'join'],
    ['SERVICE_SILENT', { service: 'osc-bridge' }, 'LLM_TIMEOUT', {}, 'open'],
    ['SERVICE_SILENT', { service: 'osc-bridge' }, 'SERVICE_CRASH_LOOP', { service: 'osc-bridge' }, 'join'],
    ['SERVICE_CRASH_LOOP', { service: 'osc-bridge' }, 'SERVICE_CRASHED', { service: 'osc-bridge' }, 'join'],
    ['BUS_UNAVAILABLE', {}, 'SERVICE_SILENT', { service: 'cv-service' }, 'join'],
    ['BUS_UNAVAILABLE', {}, 'TURN_UNANSWERED', {}, 'join'],
    ['BUS_UNAVAILABLE', {}, 'LLM_TIMEOUT', {}, 'open'],
    ['CONFIGURATION_INVALID', {}, 'CONFIGURATION_INVALID', { service: 'cv-service' }, 'join'],
    ['CONFIGURATION_INVALID', { subject: 'monitoring' }, 'CONFIGURATION_INVALID', { service: 'cv-service' }, 'open'],
    ['CONFIGURATION_INVALID', {}, 'LLM_TIMEOUT', {}, 'open'],
  ];
  for (const [root, own, symptom, ownOfSymptom, type] of symptoms) {
    it(`${type}s ${symptom} of ${ownOfSymptom.service ?? 'its own service'} while ${root} of ${own.service ?? 'the supervisor'} is open`, () => {
      assert.equal(decide([openIncident(root, own)], symptom, ownOfSymptom).type, type);
    });
  }

  it('reopens a resolved one whose root comes back within the time, and no later', () => {
    const past = resolved(openIncident('OSC_CONNECTION_LOST'), NOW - POLICY.reopenWithinMs);
    assert.deepEqual(decide([past], 'OSC_CONNECTION_LOST'), {
      type: 'reopen',
      incidentId: past.id,
      strategy: 'reconnect_retry',
      reason: 'back 600 s after it was resolved',
    });
    assert.equal(decide([past], 'OSC_CONNECTION_LOST', {}, NOW + 1).type, 'open');
  });

  it('joins rather than reopens when the capability is being recovered', () => {
    const past = resolved(openIncident('LLM_TIMEOUT', { subject: 'primary' }));
    const present = openIncident('LLM_TIMEOUT', { subject: 'backup' });
    assert.equal(decide([past, present], 'LLM_TIMEOUT', { subject: 'primary' }).type, 'join');
  });

  const summary: IncidentSummary = {
    id: 'incident-1',
    code: 'AUDIO_DEVICE_LOST',
    category: 'AUDIO_DEVICE_ERROR',
    service: 'audio-gateway',
    severity: 'ERROR',
    strategy: 'device_fallback',
    state: 'degraded',
    fingerprint: 'audio-gateway/AUDIO_DEVICE_LOST/headset',
    capability: 'hear',
    needsOperator: false,
    proved: new Set(['audio-gateway/AUDIO_DEVICE_LOST/desk']),
    parkedUntilMs: undefined,
    resolvedAtMs: undefined,
  };
  const against = (open: IncidentSummary, event: ErrorEvent, now = NOW) => {
    const error = classifyError(event, EMPTY_HISTORY, now);
    return decideRecovery(
      error,
      { ...EMPTY_HISTORY, openByFingerprint: new Map([[error.fingerprint, open]]) },
      POLICY,
      now,
    ).type;
  };

  it('begins anew when what was proved to work fails again, and not when the known failure is reported again', () => {
    assert.equal(against(summary, makeEvent('AUDIO_DEVICE_LOST', { subject: 'desk' })), 'join');
    assert.equal(against(summary, makeEvent('AUDIO_DEVICE_LOST', { subject: 'headset' })), 'repeat');
  });

  it('begins anew when a service loops after its parking ended, and not while it is parked', () => {
    const loop = makeEvent('SERVICE_CRASH_LOOP');
    assert.equal(against({ ...summary, parkedUntilMs: NOW + 1 }, loop), 'repeat');
    assert.equal(against({ ...summary, parkedUntilMs: NOW }, loop), 'join');
    assert.equal(against({ ...summary, parkedUntilMs: undefined }, loop), 'join');
  });
});
