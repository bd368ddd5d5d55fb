import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ERROR_CATEGORIES } from '../contracts/index.ts';
import { defineError, ERROR_CODES, isErrorCode } from './error-table.ts';

const SENTENCE = /^["A-Z].*[.!?]$/;
const definitions = ERROR_CODES.map(defineError);

describe('the error table', () => {
  it('uses every category', () => {
    const used = new Set<string>(definitions.map(({ category }) => category));
    assert.deepEqual([...used].sort(), Object.keys(ERROR_CATEGORIES).sort());
  });

  for (const definition of definitions) {
    it(`${definition.code} says in sentences what happened, what to do and what a viewer hears`, () => {
      for (const text of ['summary', 'remedy', 'userMessage'] as const) assert.match(definition[text], SENTENCE, text);
    });
  }

  it('recovers nothing by itself that needs an operator or is no failure', () => {
    const wrong = definitions.filter(
      ({ cause, autoRecoverable }) => (cause === 'needs_operator' || cause === 'none') && autoRecoverable,
    );
    assert.deepEqual(wrong, []);
  });

  it('fills in what a row leaves open from its category', () => {
    assert.deepEqual(defineError('LLM_TIMEOUT'), {
      code: 'LLM_TIMEOUT',
      category: 'LLM_API_ERROR',
      cause: 'transient',
      severity: 'WARNING',
      strategy: 'cache_fallback',
      autoRecoverable: true,
      capability: 'think',
      probe: 'provider-answers',
      summary: 'The model did not answer within its deadline.',
      remedy: 'Nothing, if it passes. Else see the load of the model server or choose a faster model.',
      userMessage: 'My thoughts are slow right now; bear with me.',
    });
  });

  it('lets a row replace the severity and the strategy of its category', () => {
    const { severity, strategy } = defineError('CV_SOURCE_LOST');
    assert.deepEqual({ severity, strategy }, { severity: 'WARNING', strategy: 'reconnect_retry' });
    assert.equal(defineError('AUDIO_PORT_IN_USE').severity, 'CRITICAL');
  });

  it('tells the operator at once of an account, and calls a refusal no outage', () => {
    for (const code of ['LLM_QUOTA_EXHAUSTED', 'LLM_BAD_KEY', 'LLM_UNKNOWN_MODEL']) {
      const { cause, severity, autoRecoverable } = defineError(code);
      assert.deepEqual(
        { cause, severity, autoRecoverable },
        {
          cause: 'needs_operator',
          severity: 'CRITICAL',
          autoRecoverable: false,
        },
      );
    }
    const { cause, severity, capability } = defineError('LLM_REFUSAL');
    assert.deepEqual({ cause, severity, capability }, { cause: 'none', severity: 'INFO', capability: undefined });
  });

  it('treats what it does not know as UNEXPECTED_ERROR, also the names of every object', () => {
    for (const code of ['LLM_MOOD', '', '__proto__', 'constructor', 'toString']) {
      assert.equal(defineError(code).code, 'UNEXPECTED_ERROR');
      assert.equal(isErrorCode(code), false);
    }
    fc.assert(fc.property(fc.string(), (code) => assert.equal(isErrorCode(defineError(code).code), true)));
  });
});
