import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from '@understudy/shared/errors';
import OpenAI from 'openai';
import { classifyVoiceFailure, unusableAnswer, type VoiceCall } from './classify-voice-failure.ts';

const provider = { name: 'voice', base_url: 'https://voice.example:8443/v1', model: 'tts-1' };
const SECRET = 'sk-secret';

const http = (status: number, code?: string, headers: Record<string, string> = {}, message = SECRET) =>
  OpenAI.APIError.generate(status, { error: { code, message } }, undefined, new Headers(headers));
const bare = (status: number) => OpenAI.APIError.generate(status, undefined, `${status} ${SECRET}`, new Headers());
const unreachable = (code: string) =>
  new OpenAI.APIConnectionError({
    message: 'Connection error.',
    cause: new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) }),
  });
const died = new TypeError('terminated', {
  cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
});
const overdue = { isOverdue: true };
const streaming = { isStreaming: true };

const CASES: readonly (readonly [
  what: string,
  error: unknown,
  code: string,
  message: string,
  call?: Partial<VoiceCall>,
])[] = [
  ['our own deadline', new OpenAI.APIUserAbortError(), 'TIMEOUT', 'did not answer in time', overdue],
  ["the client's timeout", new OpenAI.APIConnectionTimeoutError(), 'TIMEOUT', 'did not answer in time'],
  ['a gateway that waited in vain', bare(504), 'TIMEOUT', 'answered 504'],
  ['a key', http(401, 'invalid_api_key'), 'ACCOUNT', 'answered 401 invalid_api_key. Correct its key'],
  ['a key that is told in words', http(400, undefined, {}, 'API key not valid'), 'ACCOUNT', 'answered 400'],
  ['403 of the provider', http(403), 'ACCOUNT', 'answered 403. Correct its key'],
  ["403 of a proxy's page", bare(403), 'FAILED', 'answered 403. Check its base_url'],
  ['402', http(402), 'ACCOUNT', 'answered 402. Add credit'],
  ['a used-up quota as 429', http(429, 'insufficient_quota'), 'ACCOUNT', 'answered 429 insufficient_quota. Add credit'],
  ['a used-up quota as 401', http(401, 'quota_exceeded'), 'ACCOUNT', 'answered 401 quota_exceeded. Add credit'],
  ['a text that it does not want', http(400, 'content_policy_violation'), 'FAILED', 'answered 400 content_policy'],
  [
    'a rate limit',
    http(429, 'rate_limit_exceeded', { 'retry-after': '2' }),
    'FAILED',
    'answered 429 rate_limit_exceeded, to be asked again in 2000 ms',
  ],
  ['an unknown model', http(403, 'model_not_found'), 'FAILED', 'answered 403 model_not_found. Set a model that it has'],
  ['an unknown model in words', http(404, undefined, {}, 'model "x" not found'), 'FAILED', 'answered 404. Set a model'],
  [
    // speaches, as its src/speaches/main.py says it
    'too little memory',
    OpenAI.APIError.generate(
      500,
      { detail: 'Internal server error', error: 'CUDA failed with error out of memory' },
      undefined,
      new Headers(),
    ),
    'OUT_OF_MEMORY',
    'has no memory for it (answered 500). Let it run a smaller model',
  ],
  [
    // Kokoro-FastAPI, as its api/src/routers/openai_compatible.py says it; the client gives the whole body where it has no `error`
    "too little memory, under FastAPI's `detail`",
    OpenAI.APIError.generate(
      500,
      { error: { detail: { error: 'processing_error', message: 'CUDA out of memory.', type: 'server_error' } } },
      undefined,
      new Headers(),
    ),
    'OUT_OF_MEMORY',
    'has no memory for it (answered 500). Let it run a smaller model',
  ],
  ['a wrong path', http(404, undefined, {}, 'Not Found'), 'FAILED', 'answered 404. Check its base_url'],
  ['a server error', bare(503), 'FAILED', 'answered 503. Nothing, if it passes'],
  ['a body that is broken', new SyntaxError('Unexpected token'), 'FAILED', 'sent something that is not JSON'],
  ['no name', unreachable('ENOTFOUND'), 'FAILED', 'cannot be reached: its name is not found (DNS, ENOTFOUND)'],
  ['nobody there', unreachable('ECONNREFUSED'), 'FAILED', 'cannot be reached: no connection (TCP, ECONNREFUSED)'],
  ['a wrong certificate', unreachable('CERT_HAS_EXPIRED'), 'FAILED', 'cannot be reached: no secure connection (TLS'],
  ['no HTTP', unreachable('HPE_INVALID_CONSTANT'), 'FAILED', 'cannot be reached: what answers there does not speak'],
  ['a socket that dies', died, 'FAILED', 'broke off in the middle of its answer (UND_ERR_SOCKET)', streaming],
  ['something else', 'words', 'FAILED', 'cannot be reached: no connection (TCP, words)'],
];

for (const [what, error, code, message, call = {}] of CASES) {
  test(`${what} is ..._${code}`, () => {
    for (const task of ['TRANSCRIPTION', 'SPEECH'] as const) {
      const classified = classifyVoiceFailure(error, { task, provider, now: 0, ...call });
      assert.equal(classified.code, `${task}_${code}`);
      const expected = `Provider voice at voice.example:8443 (model tts-1) ${message}`;
      assert.ok(classified.message.startsWith(expected), classified.message);
      assert.ok(!classified.message.includes(SECRET), classified.message);
      assert.equal(classified.facts.subject, 'voice');
    }
  });
}

test('the wait that a provider asks for is kept, whether a header or only its words say it', () => {
  const waits = [http(429, undefined, { 'retry-after': '2' }), http(429, undefined, {}, 'Please try again in 1m9.5s.')];
  assert.deepEqual(
    waits.map((error) => classifyVoiceFailure(error, { task: 'SPEECH', provider, now: 0 }).facts.retryAfterMs),
    [2000, 69_500],
  );
});

test('what is classified already stays as it is', () => {
  const known = new ServiceError('SPEECH_EMPTY');
  assert.equal(classifyVoiceFailure(known, { task: 'SPEECH', provider, now: 0 }), known);
});

test('an answer that cannot be used names what came and where to look', () => {
  const { code, message } = unusableAnswer('SPEECH', provider, 'sent text/html instead of pcm or wav');
  assert.deepEqual(
    [code, message],
    [
      'SPEECH_FAILED',
      'Provider voice at voice.example:8443 (model tts-1) sent text/html instead of pcm or wav. Check its base_url and model in audio.speech.',
    ],
  );
});
