import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { describeUnreachable, describeUnusable } from './describe-failure.ts';
import { readProviderFailure } from './provider-failure.ts';

describe('readProviderFailure', () => {
  it('reads an answer: status, error body, the wait', () => {
    const headers = new Headers({ 'retry-after': '2' });
    const error = Object.assign(new Error('429 slow down'), {
      status: 429,
      headers,
      error: { message: 'm', code: 'c' },
    });
    assert.deepEqual(readProviderFailure(error, false, 0), {
      stage: 'answered',
      hasErrorBody: true,
      isMalformed: false,
      text: '429 slow down',
      status: 429,
      code: 'c',
      retryAfterMs: 2000,
    });
  });
  it('finds the innermost reason of a connection, and names where it failed', () => {
    for (const [code, words] of [
      ['ECONNREFUSED', 'cannot be reached: no connection (TCP, ECONNREFUSED)'],
      ['EAI_AGAIN', 'cannot be reached: its name is not found (DNS, EAI_AGAIN)'],
      ['SELF_SIGNED_CERT_IN_CHAIN', 'cannot be reached: no secure connection (TLS, SELF_SIGNED_CERT_IN_CHAIN)'],
      ['HPE_INVALID_VERSION', 'cannot be reached: what answers there does not speak HTTP (HTTP, HPE_INVALID_VERSION)'],
      ['Z_DATA_ERROR', 'sent an answer that cannot be unpacked (Z_DATA_ERROR)'],
    ] as const) {
      const cause = new AggregateError([Object.assign(new Error('x'), { code })]);
      const failure = readProviderFailure(new Error('Connection error.', { cause }), false, 0);
      assert.deepEqual([failure.stage, describeUnreachable(failure)], ['before_answer', words]);
    }
  });
  it('knows a redirect without end, which undici tells only in words', () => {
    const cause = new TypeError('fetch failed', { cause: new Error('redirect count exceeded') });
    const failure = readProviderFailure(new Error('Connection error.', { cause }), false, 0);
    assert.deepEqual(
      [failure.errno, describeUnusable(failure)],
      ['REDIRECT_LOOP', 'sends us from one address to the next without end (REDIRECT_LOOP)'],
    );
  });
  it('takes the error of a body under a success for one, though it has no message', () => {
    const error = Object.assign(new Error('x'), { error: { type: 'overloaded_error' } });
    assert.deepEqual(readProviderFailure(error, false, 0), {
      stage: 'in_stream',
      hasErrorBody: true,
      isMalformed: false,
      text: 'x',
      type: 'overloaded_error',
    });
  });
  it('takes whatever is thrown', () => {
    assert.equal(readProviderFailure({ toString: 0 }, false, 0).text, '{ toString: 0 }');
    fc.assert(
      fc.property(fc.anything(), fc.boolean(), (thrown, isStreaming) => {
        assert.equal(typeof readProviderFailure(thrown, isStreaming, 0).stage, 'string');
      }),
    );
  });
});
