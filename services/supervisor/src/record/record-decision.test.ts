import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createValidator, type Incident, IncidentStepSchema } from '@understudy/shared/contracts';
import { classifyError } from '../classify/classify-error.ts';
import { EMPTY_HISTORY } from '../classify/history.ts';
import type { RecoveryDecision } from '../decide/decide-recovery.ts';
import { isoAt, makeEvent, T0 } from '../testing/error-events.ts';
import { foldKnown, openIncident } from '../testing/incidents.ts';
import { stepsOf } from './record-decision.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const event = makeEvent('LLM_QUOTA_EXHAUSTED', { subject: 'primary', retryAfterMs: 5000 });
const error = classifyError(event, EMPTY_HISTORY, T0);
const known = openIncident('LLM_TIMEOUT', { subject: 'primary' });
const write = (decision: RecoveryDecision, incident?: Incident, traceparent?: string) =>
  stepsOf(error, decision, incident, T0, traceparent);
const at = isoAt(T0);

describe('stepsOf', () => {
  it('writes nothing of what is only counted', () => {
    assert.equal(write({ type: 'record_only', reason: 'no outage' }), undefined);
  });

  it('opens an incident with all that the event and the table know', () => {
    const opened = write({ type: 'open', strategy: 'cache_fallback', reason: 'so' }, undefined, TRACE);
    const id = opened?.incidentId ?? '';
    const incident: Incident = {
      id,
      code: 'LLM_QUOTA_EXHAUSTED',
      category: 'PROVIDER_ACCOUNT_ERROR',
      severity: 'CRITICAL',
      cause: 'needs_operator',
      service: 'llm-service',
      subject: 'primary',
      capability: 'think',
      probe: 'provider-answers',
      strategy: 'cache_fallback',
      state: 'open',
      acknowledged: false,
      regressed: false,
      needsOperator: true,
      fingerprint: 'llm-service/LLM_QUOTA_EXHAUSTED/primary',
      members: [],
      errorIds: [event.id],
      occurrences: 1,
      summary: "The model account's quota is used up. Provider Account Error in a test",
      remedy:
        'Add credit at the provider (billing page); Understudy uses the next provider meanwhile and returns by itself.',
      userMessage: 'My thoughts are slow right now; bear with me.',
      openedAt: at,
      currentSince: at,
      updatedAt: at,
      retryAfterMs: 5000,
      ceilings: {},
      essential: false,
      parked: false,
      attempts: [],
      traceparent: TRACE,
    };
    assert.deepEqual(opened, {
      incidentId: id,
      steps: [
        { type: 'opened', at, incident, errorId: event.id },
        { type: 'decided', at, strategy: 'cache_fallback', reason: 'so' },
      ],
    });
    const validate = createValidator(IncidentStepSchema);
    for (const step of opened?.steps ?? []) assert.deepEqual(validate(step), { ok: true, value: step });
  });

  it('does not say the same twice, and no more than fits', () => {
    const plain = classifyError(
      makeEvent('LLM_TIMEOUT', { message: 'The model did not answer within its deadline.' }),
      EMPTY_HISTORY,
      T0,
    );
    const long = classifyError(makeEvent('LLM_TIMEOUT', { message: 'x'.repeat(2000) }), EMPTY_HISTORY, T0);
    const summaryOf = (one: typeof plain) => {
      const [step] = stepsOf(one, { type: 'open', strategy: 'cache_fallback', reason: '' }, undefined, T0)?.steps ?? [];
      return step?.type === 'opened' ? step.incident.summary : '';
    };
    assert.equal(summaryOf(plain), 'The model did not answer within its deadline.');
    assert.equal(summaryOf(long).length, 1000);
  });

  it('counts a repetition', () => {
    assert.deepEqual(write({ type: 'repeat', incidentId: known.id, reason: '' }, known), {
      incidentId: known.id,
      steps: [{ type: 'occurred', at, errorId: event.id }],
    });
  });

  it('keeps the words of a repetition that has another reason', () => {
    const again = classifyError(makeEvent('CONFIGURATION_INVALID', { message: 'line 9' }), EMPTY_HISTORY, T0);
    const first = openIncident('CONFIGURATION_INVALID', { message: 'line 7' });
    const written = stepsOf(again, { type: 'repeat', incidentId: first.id, reason: '' }, first, T0);
    const told = foldKnown(first, written?.steps ?? []);
    assert.match(first.summary, /line 7$/);
    assert.match(told.summary, /line 9$/);
    assert.equal(told.occurrences, 2);
  });

  it('reopens and decides again', () => {
    assert.deepEqual(
      write({ type: 'reopen', incidentId: known.id, strategy: 'cache_fallback', reason: 'back' }, known),
      {
        incidentId: known.id,
        steps: [
          {
            type: 'reopened',
            at,
            errorId: event.id,
            summary: `The model account's quota is used up. ${event.message}`,
            retryAfterMs: 5000,
          },
          { type: 'decided', at, strategy: 'cache_fallback', reason: 'back' },
        ],
      },
    );
  });

  it('joins, says why, and raises the severity where the joined one is worse', () => {
    const joined = {
      type: 'joined',
      at,
      errorId: event.id,
      fingerprint: 'llm-service/LLM_QUOTA_EXHAUSTED/primary',
      code: 'LLM_QUOTA_EXHAUSTED',
      severity: 'CRITICAL',
      needsOperator: true,
      capability: 'think',
      summary: `The model account's quota is used up. ${event.message}`,
      retryAfterMs: 5000,
    };
    const decided = { type: 'decided', at, strategy: 'cache_fallback', reason: 'so' };
    const decision = { type: 'join', incidentId: known.id, reason: 'so' } as const;
    assert.deepEqual(write(decision, known), {
      incidentId: known.id,
      steps: [joined, decided, { type: 'severity_raised', at, from: 'WARNING', to: 'CRITICAL' }],
    });
    assert.deepEqual(write(decision, { ...known, severity: 'CRITICAL' })?.steps, [joined, decided]);
  });

  it('raises nothing for a lesser one', () => {
    const silent = openIncident('SERVICE_SILENT');
    const crashed = classifyError(makeEvent('SERVICE_CRASHED'), EMPTY_HISTORY, T0);
    const joined = stepsOf(crashed, { type: 'join', incidentId: silent.id, reason: 'so' }, silent, T0);
    assert.deepEqual(
      joined?.steps.map(({ type }) => type),
      ['joined', 'decided'],
    );
  });

  it('names the strategy that is really in force after a cause has joined', () => {
    const device = classifyError(makeEvent('AUDIO_DEVICE_LOST'), EMPTY_HISTORY, T0);
    const silent = openIncident('SERVICE_SILENT', { service: 'audio-gateway' });
    const symptom = stepsOf(device, { type: 'join', incidentId: silent.id, reason: 'so' }, silent, T0)?.steps ?? [];
    assert.deepEqual(symptom[1], { type: 'decided', at, strategy: 'reconnect_retry', reason: 'so' });
    const output = classifyError(makeEvent('AUDIO_OUTPUT_LOST', { subject: 'speakers' }), EMPTY_HISTORY, T0);
    const speech = openIncident('SPEECH_TIMEOUT', { subject: 'tts' });
    const steps = stepsOf(output, { type: 'join', incidentId: speech.id, reason: 'so' }, speech, T0)?.steps ?? [];
    assert.deepEqual(steps[1], { type: 'decided', at, strategy: 'device_fallback', reason: 'so' });
  });
});
