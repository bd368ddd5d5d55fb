import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAPABILITIES, SERVICE_NAMES } from '@understudy/shared/contracts';
import { defineError, ERROR_CODES } from '@understudy/shared/errors';
import fc from 'fast-check';
import { makeEvent, T0 } from '../testing/error-events.ts';
import { classifyError, RECURRENCE } from './classify-error.ts';
import { EMPTY_HISTORY, type History } from './history.ts';

const occurredAt = (fingerprint: string, ...times: number[]): History => ({
  ...EMPTY_HISTORY,
  occurrences: new Map([[fingerprint, times]]),
});

describe('classifyError', () => {
  it('gives an event its meaning', () => {
    const event = makeEvent('AUDIO_DEVICE_LOST', { subject: 'headset' });
    assert.deepEqual(classifyError(event, EMPTY_HISTORY, T0), {
      event,
      fingerprint: 'audio-gateway/AUDIO_DEVICE_LOST/headset',
      category: 'AUDIO_DEVICE_ERROR',
      severity: 'ERROR',
      cause: 'intermittent',
      strategy: 'device_fallback',
      capability: 'hear',
      probe: 'input-frames',
      autoRecoverable: true,
      needsOperator: false,
      summary: 'The audio device stopped delivering.',
      remedy: 'Plug the device in again or start its sender; Understudy returns to it by itself.',
      userMessage: 'I cannot hear right now. Write to me in the chat.',
    });
  });

  const cases: [code: string, facts: Partial<ReturnType<typeof classifyError>>][] = [
    [
      'OSC_CONNECTION_LOST',
      { severity: 'ERROR', strategy: 'reconnect_retry', capability: 'act', autoRecoverable: true },
    ],
    ['LLM_TIMEOUT', { severity: 'WARNING', strategy: 'cache_fallback', capability: 'think', autoRecoverable: true }],
    [
      'CV_CHILD_CRASHED',
      { severity: 'WARNING', strategy: 'disable_feature', capability: 'see', autoRecoverable: true },
    ],
    [
      'CONFIGURATION_INVALID',
      { severity: 'CRITICAL', strategy: 'default_fallback', autoRecoverable: false, needsOperator: true },
    ],
    ['MEMORY_HIGH', { severity: 'ERROR', strategy: 'clear_and_restart', capability: undefined }],
    [
      'LLM_QUOTA_EXHAUSTED',
      { severity: 'CRITICAL', cause: 'needs_operator', autoRecoverable: false, needsOperator: true },
    ],
    ['LLM_REFUSAL', { severity: 'INFO', cause: 'none', autoRecoverable: false, needsOperator: false }],
    [
      'A_CODE_OF_TOMORROW',
      { category: 'SERVICE_ERROR', severity: 'ERROR', strategy: 'reconnect_retry', probe: 'alive' },
    ],
  ];
  for (const [code, facts] of cases) {
    it(`knows ${code}`, () => {
      const classified = classifyError(makeEvent(code), EMPTY_HISTORY, T0);
      assert.deepEqual({ ...classified, ...facts }, classified);
    });
  }

  it('believes the sender about the capability that it took', () => {
    assert.equal(
      classifyError(makeEvent('AUDIO_DEVICE_LOST', { capability: 'speak' }), EMPTY_HISTORY, T0).capability,
      'speak',
    );
  });

  it('no longer calls a failure transient that came often lately', () => {
    const event = makeEvent('LLM_TIMEOUT', { subject: 'primary' });
    const fingerprint = 'llm-service/LLM_TIMEOUT/primary';
    const causeAfter = (...ages: number[]) =>
      classifyError(event, occurredAt(fingerprint, ...ages.map((age) => T0 - age)), T0).cause;
    assert.equal(causeAfter(1000, 2000), 'transient');
    assert.equal(causeAfter(1000, 2000, 3000), 'intermittent');
    assert.equal(causeAfter(1000, 2000, RECURRENCE.withinMs), 'transient');
  });

  it('is total: every code and every unknown one, any subject, any history', () => {
    const anyCode = fc.oneof(fc.constantFrom(...ERROR_CODES), fc.stringMatching(/^[A-Z][A-Z0-9_]{2,20}$/));
    const facts = fc.record({
      code: anyCode,
      service: fc.constantFrom(...SERVICE_NAMES),
      subject: fc.option(fc.string({ minLength: 1, maxLength: 120 }), { nil: undefined }),
      capability: fc.option(fc.constantFrom(...CAPABILITIES), { nil: undefined }),
      times: fc.array(fc.integer({ min: 0, max: 2 * T0 })),
    });
    fc.assert(
      fc.property(facts, ({ code, service, subject, capability, times }) => {
        const event = makeEvent(code, {
          service,
          ...(subject === undefined ? {} : { subject }),
          ...(capability ? { capability } : {}),
        });
        const { code: known, ...definition } = defineError(code);
        const classified = classifyError(event, occurredAt([service, code, subject].join('/'), ...times), T0);
        const { cause } = classified;
        assert.deepEqual(
          { ...classified, ...definition, capability: capability ?? definition.capability, cause },
          classified,
        );
        assert.equal(classified.needsOperator && classified.autoRecoverable, false, known);
        assert.ok(cause === definition.cause || (definition.cause === 'transient' && cause === 'intermittent'));
      }),
    );
  });
});
