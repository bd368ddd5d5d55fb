import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import { failureFacts } from './failure-facts.ts';

const call = { streaming: false } as const;

describe('failureFacts', () => {
  it('reads an answer of the API', () => {
    const headers = new Headers({ 'retry-after': '2' });
    const body = { message: 'quota', type: 'insufficient_quota', code: 'insufficient_quota' };
    const error = OpenAI.APIError.generate(429, { error: body }, undefined, headers);
    assert.deepEqual(failureFacts(error, call, 0), {
      stage: 'answered',
      hasErrorBody: true,
      isMalformed: false,
      text: error.message,
      status: 429,
      code: 'insufficient_quota',
      type: 'insufficient_quota',
      retryAfterMs: 2000,
    });
  });
  it('finds the reason of a connection that did not come about', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const cause = new TypeError('fetch failed', { cause: new AggregateError([refused]) });
    assert.deepEqual(failureFacts(new OpenAI.APIConnectionError({ message: 'Connection error.', cause }), call, 0), {
      stage: 'before_answer',
      hasErrorBody: false,
      isMalformed: false,
      text: 'Connection error.',
      errno: 'ECONNREFUSED',
    });
  });
  it('finds the reason of a stream that broke', () => {
    const cause = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
    const facts = failureFacts(new TypeError('terminated', { cause }), { streaming: true }, 0);
    assert.deepEqual(facts, {
      stage: 'in_stream',
      hasErrorBody: false,
      isMalformed: false,
      text: 'terminated',
      errno: 'UND_ERR_SOCKET',
    });
  });
  it('takes whatever is thrown', () => {
    for (const thrown of [undefined, null, 'words', 7, {}, new Error('x')])
      assert.equal(failureFacts(thrown, call, 0).stage, 'before_answer');
  });
});
