import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { errorResponse } from './error-response.ts';
import { isServiceError, ServiceError, toServiceError } from './service-error.ts';

describe('a service error', () => {
  it('has a code, its facts, its cause, and the summary where it was given no message', () => {
    const cause = new Error('ECONNREFUSED');
    const facts = { subject: 'primary', retryAfterMs: 500, cause };
    const error = new ServiceError('LLM_UNREACHABLE', undefined, facts);
    assert.equal(error.name, 'ServiceError');
    assert.equal(error.code, 'LLM_UNREACHABLE');
    assert.equal(error.message, 'The model provider cannot be reached.');
    assert.equal(error.cause, cause);
    assert.equal(error.facts, facts);
    assert.ok(error instanceof Error);
  });

  it('carries no cause where there is none', () => {
    assert.equal(Object.hasOwn(new ServiceError('LLM_TIMEOUT'), 'cause'), false);
  });
});

describe('whatever was thrown', () => {
  it('stays itself when it has a code', () => {
    const error = new ServiceError('LLM_TIMEOUT');
    assert.equal(toServiceError(error), error);
  });

  it('becomes UNEXPECTED_ERROR, or what the catcher knows, with its cause kept', () => {
    const cause = new TypeError('x is not a function');
    const unexpected = toServiceError(cause);
    assert.deepEqual(
      [unexpected.code, unexpected.message, unexpected.cause],
      ['UNEXPECTED_ERROR', 'x is not a function', cause],
    );
    assert.equal(toServiceError(cause, 'CV_BAD_FRAME').code, 'CV_BAD_FRAME');
    assert.equal(toServiceError(new Error('')).message, 'A service met an error that the error table does not know.');
  });

  it('is believed only as what it is, and never throws again', () => {
    const forged = Object.assign(new Error('forged'), { name: 'ServiceError', code: 'NO_SUCH_CODE' });
    const hostile = [
      forged,
      Object.create(null),
      Symbol('s'),
      Object.defineProperty(new Error(), 'message', { get: () => assert.fail('a getter') }),
    ];
    for (const thrown of hostile) assert.equal(toServiceError(thrown).code, 'UNEXPECTED_ERROR');
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (thrown) => {
        const error = toServiceError(thrown);
        assert.ok(isServiceError(error));
        assert.ok(error.message.length > 0);
      }),
    );
  });
});

it("answers with the user's ErrorResponse", () => {
  const event = { id: 'error-0001', code: 'OSC_CONNECTION_LOST' };
  const expected = {
    handled: true,
    recovery_successful: false,
    fallback_activated: true,
    user_message: 'My avatar does not move right now, but I am here.',
    error_code: 'OSC_CONNECTION_LOST',
    error_id: 'error-0001',
  };
  assert.deepEqual(errorResponse(event, { fallbackActivated: true }), expected);
  assert.deepEqual(errorResponse(event, { fallbackActivated: false, recoverySuccessful: true }), {
    ...expected,
    recovery_successful: true,
    fallback_activated: false,
  });
});
