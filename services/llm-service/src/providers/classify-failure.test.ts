import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '@understudy/shared/errors';
import fc from 'fast-check';
import { classifyFailure } from './classify-failure.ts';
import type { FailureFacts } from './failure-facts.ts';

type Case = readonly [what: string, facts: Partial<FailureFacts>, code: ErrorCode, words: string];

const answered = (status: number, more: Partial<FailureFacts> = {}): Partial<FailureFacts> => ({
  status,
  stage: 'answered',
  hasErrorBody: true,
  ...more,
});

const CASES: readonly Case[] = [
  ['nothing in time', { expired: 'first_token' }, 'LLM_TIMEOUT', 'sent nothing within its time'],
  ['a pause', { stage: 'in_stream', expired: 'next_token' }, 'LLM_STALLED', 'stopped in the middle of its answer'],
  [
    'quota (OpenAI)',
    answered(429, { code: 'insufficient_quota', type: 'insufficient_quota' }),
    'LLM_QUOTA_EXHAUSTED',
    'answered 429 insufficient_quota',
  ],
  [
    'quota by its type alone',
    answered(429, { type: 'insufficient_quota' }),
    'LLM_QUOTA_EXHAUSTED',
    'answered 429 insufficient_quota',
  ],
  ['payment required (OpenRouter)', answered(402), 'LLM_QUOTA_EXHAUSTED', 'answered 402'],
  [
    'hard limit',
    answered(400, { code: 'billing_hard_limit_reached' }),
    'LLM_QUOTA_EXHAUSTED',
    'answered 400 billing_hard_limit_reached',
  ],
  [
    'unknown model (OpenAI)',
    answered(404, { code: 'model_not_found' }),
    'LLM_UNKNOWN_MODEL',
    'answered 404 model_not_found',
  ],
  [
    'model without access',
    answered(403, { code: 'model_not_found' }),
    'LLM_UNKNOWN_MODEL',
    'answered 403 model_not_found',
  ],
  [
    'unknown model (Ollama)',
    answered(404, { type: 'not_found_error', text: "model 'x' not found" }),
    'LLM_UNKNOWN_MODEL',
    'answered 404 not_found_error',
  ],
  [
    'a wrong path (llama.cpp)',
    answered(404, { type: 'not_found_error', text: 'File Not Found' }),
    'LLM_BAD_RESPONSE',
    'answered 404 not_found_error',
  ],
  [
    'the model is being loaded (llama.cpp)',
    answered(503, { type: 'unavailable_error', text: '503 Loading model' }),
    'LLM_OVERLOADED',
    'is still loading its model',
  ],
  ['404 of something else', answered(404, { hasErrorBody: false }), 'LLM_BAD_RESPONSE', 'answered 404'],
  ['bad key', answered(401, { code: 'invalid_api_key' }), 'LLM_BAD_KEY', 'answered 401 invalid_api_key'],
  [
    'forbidden by the provider',
    answered(403, { code: 'unsupported_country' }),
    'LLM_BAD_KEY',
    'answered 403 unsupported_country',
  ],
  ['forbidden by a proxy', answered(403, { hasErrorBody: false }), 'LLM_BAD_RESPONSE', 'answered 403'],
  [
    'too long (OpenAI)',
    answered(400, { code: 'context_length_exceeded' }),
    'LLM_CONTEXT_TOO_LONG',
    'answered 400 context_length_exceeded',
  ],
  [
    'too long (llama.cpp)',
    answered(400, { type: 'exceed_context_size_error' }),
    'LLM_CONTEXT_TOO_LONG',
    'answered 400 exceed_context_size_error',
  ],
  [
    'too long (vLLM, in words)',
    answered(400, { text: "This model's maximum context length is 4096" }),
    'LLM_CONTEXT_TOO_LONG',
    'answered 400',
  ],
  ['body too large', answered(413), 'LLM_CONTEXT_TOO_LONG', 'answered 413'],
  [
    'content filter (Azure)',
    answered(400, { code: 'content_filter' }),
    'LLM_CONTENT_FILTERED',
    'answered 400 content_filter',
  ],
  [
    'rate limit',
    answered(429, { code: 'rate_limit_exceeded', retryAfterMs: 1200 }),
    'LLM_RATE_LIMITED',
    'answered 429 rate_limit_exceeded, to be asked again in 1200 ms',
  ],
  ['rate limit without a time', answered(429, { hasErrorBody: false }), 'LLM_RATE_LIMITED', 'answered 429'],
  ['overloaded in plain text', answered(503, { hasErrorBody: false }), 'LLM_OVERLOADED', 'answered 503'],
  [
    'overloaded (Anthropic)',
    answered(529, { type: 'overloaded_error' }),
    'LLM_OVERLOADED',
    'answered 529 overloaded_error',
  ],
  ['gateway timeout', answered(504), 'LLM_TIMEOUT', 'answered 504'],
  ['server error', answered(500, { type: 'server_error' }), 'LLM_SERVER_ERROR', 'answered 500 server_error'],
  [
    'a model that ended (Ollama)',
    answered(500, { type: 'api_error', text: 'llama runner process has terminated: exit status 2' }),
    'LLM_SERVER_ERROR',
    'answered 500 api_error: its model ended, often for want of memory, which its own log tells',
  ],
  [
    'too little memory (Ollama)',
    answered(500, { type: 'api_error', text: 'llama runner process has terminated: CUDA error: out of memory' }),
    'LLM_OUT_OF_MEMORY',
    'has no memory for it (answered 500 api_error)',
  ],
  ['bad gateway', answered(502, { hasErrorBody: false }), 'LLM_SERVER_ERROR', 'answered 502'],
  [
    'a request it does not like',
    answered(400, { code: 'unsupported_value' }),
    'LLM_BAD_RESPONSE',
    'answered 400 unsupported_value',
  ],
  ['no JSON', { stage: 'in_stream', isMalformed: true }, 'LLM_BAD_RESPONSE', 'sent something that is not JSON'],
  [
    'overloaded in mid-stream',
    { stage: 'in_stream', hasErrorBody: true, type: 'overloaded_error' },
    'LLM_OVERLOADED',
    'answered with an error overloaded_error',
  ],
  [
    'server error in mid-stream',
    { stage: 'in_stream', hasErrorBody: true, type: 'server_error' },
    'LLM_SERVER_ERROR',
    'answered with an error server_error',
  ],
  [
    'unknown error in mid-stream',
    { stage: 'in_stream', hasErrorBody: true },
    'LLM_BAD_RESPONSE',
    'answered with an error',
  ],
  [
    'the socket dies in mid-stream',
    { stage: 'in_stream', errno: 'UND_ERR_SOCKET' },
    'LLM_STALLED',
    'broke off in the middle of its answer (UND_ERR_SOCKET)',
  ],
  [
    'no such name',
    { errno: 'ENOTFOUND' },
    'LLM_UNREACHABLE',
    'cannot be reached: its name is not found (DNS, ENOTFOUND)',
  ],
  ['refused', { errno: 'ECONNREFUSED' }, 'LLM_UNREACHABLE', 'cannot be reached: no connection (TCP, ECONNREFUSED)'],
  [
    'reset before an answer',
    { errno: 'UND_ERR_SOCKET' },
    'LLM_UNREACHABLE',
    'cannot be reached: no connection (TCP, UND_ERR_SOCKET)',
  ],
  [
    'bad certificate',
    { errno: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    'LLM_UNREACHABLE',
    'cannot be reached: no secure connection (TLS, DEPTH_ZERO_SELF_SIGNED_CERT)',
  ],
  [
    'expired certificate',
    { errno: 'CERT_HAS_EXPIRED' },
    'LLM_UNREACHABLE',
    'cannot be reached: no secure connection (TLS, CERT_HAS_EXPIRED)',
  ],
  [
    'plain HTTP where TLS was asked',
    { errno: 'ERR_SSL_WRONG_VERSION_NUMBER' },
    'LLM_UNREACHABLE',
    'cannot be reached: no secure connection (TLS, ERR_SSL_WRONG_VERSION_NUMBER)',
  ],
  [
    'no HTTP',
    { errno: 'HPE_INVALID_CONSTANT' },
    'LLM_UNREACHABLE',
    'cannot be reached: what answers there does not speak HTTP (HTTP, HPE_INVALID_CONSTANT)',
  ],
];

const complete = (facts: Partial<FailureFacts>): FailureFacts => ({
  stage: 'before_answer',
  hasErrorBody: false,
  isMalformed: false,
  text: 'words',
  ...facts,
});

describe('classifyFailure', () => {
  for (const [name, facts, code, what] of CASES) {
    it(`${name}: ${code}`, () => assert.deepEqual(classifyFailure(complete(facts)), { code, what }));
  }

  it('has a code of its own for whatever comes', () => {
    const facts = fc.record({
      stage: fc.constantFrom('before_answer', 'answered', 'in_stream'),
      hasErrorBody: fc.boolean(),
      isMalformed: fc.boolean(),
      text: fc.string(),
      status: fc.integer({ min: 100, max: 599 }),
      code: fc.string(),
      errno: fc.string(),
    });
    fc.assert(fc.property(facts, (some) => assert.match(classifyFailure(some).code, /^LLM_/)));
  });
});
