import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from '@understudy/shared/errors';
import OpenAI from 'openai';
import { classifyVoiceFailure } from './classify-voice-failure.ts';
import { readVoiceFailure } from './read-voice-failure.ts';

const NOW = Date.UTC(2026, 0, 1);

const http = (status: number, code?: string, headers: Record<string, string> = {}) =>
  OpenAI.APIError.generate(
    status,
    { error: { code, message: 'sk-secret in the text' } },
    undefined,
    new Headers(headers),
  );

const refused = new OpenAI.APIConnectionError({
  cause: Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
});

for (const [what, error, isOverdue, code, message] of [
  ['our own deadline', new OpenAI.APIUserAbortError(), true, 'TIMEOUT', 'did not answer in time'],
  ["the client's timeout", new OpenAI.APIConnectionTimeoutError(), false, 'TIMEOUT', 'did not answer in time'],
  ['a refused connection', refused, false, 'FAILED', 'cannot be reached: ECONNREFUSED'],
  ['401', http(401, 'invalid_api_key'), false, 'ACCOUNT', 'answered HTTP 401 invalid_api_key'],
  ['403', http(403), false, 'ACCOUNT', 'answered HTTP 403'],
  ['402', http(402), false, 'ACCOUNT', 'answered HTTP 402'],
  ['a used-up quota as 429', http(429, 'insufficient_quota'), false, 'ACCOUNT', 'answered HTTP 429 insufficient_quota'],
  ['a used-up quota as 400', http(400, 'quota_exceeded'), false, 'ACCOUNT', 'answered HTTP 400 quota_exceeded'],
  ['a rate limit', http(429, 'rate_limit_exceeded'), false, 'FAILED', 'answered HTTP 429 rate_limit_exceeded'],
  ['an unknown model', http(404, 'model_not_found'), false, 'FAILED', 'answered HTTP 404 model_not_found'],
  ['a server error', http(503), false, 'FAILED', 'answered HTTP 503'],
  ['a socket that dies', new TypeError('terminated'), false, 'FAILED', 'broke off: TypeError'],
] as const) {
  test(`${what} is ..._${code}`, () => {
    for (const task of ['TRANSCRIPTION', 'SPEECH'] as const) {
      const classified = classifyVoiceFailure(task, 'voice', readVoiceFailure(error, isOverdue, NOW), error);
      assert.equal(classified.code, `${task}_${code}`);
      assert.ok(classified.message.startsWith(`Provider voice ${message}; `), classified.message);
      assert.ok(!classified.message.includes('sk-secret'));
      assert.equal(classified.facts.subject, 'voice');
    }
  });
}

test('what is classified already stays as it is', () => {
  const known = new ServiceError('SPEECH_EMPTY');
  assert.equal(classifyVoiceFailure('SPEECH', 'voice', { kind: 'other' }, known), known);
});
