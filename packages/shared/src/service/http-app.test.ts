import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import Type from 'typebox';
import { createMetrics } from '../telemetry/index.ts';
import { createHttpApp } from './http-app.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('the HTTP app of a service', async () => {
  let reason: string | undefined;
  const errors: unknown[] = [];
  const metrics = createMetrics({ service: 'osc-bridge', version: 'test' });
  const app = await createHttpApp({
    service: 'osc-bridge',
    version: '0.1.0',
    metrics,
    rules: () => ({ allowedHosts: [], allowedOrigins: [], token: 'token-of-the-test' }),
    notReady: () => reason,
    onError: (error) => errors.push(error),
  });
  const body = Type.Object({ text: Type.String({ minLength: 1 }) }, { additionalProperties: false });
  app.post('/v1/input', { schema: { summary: 'Says something', body } }, async () => ({ done: true }));
  const hold = Type.Object(
    { input: Type.Enum(['Jump', 'Run']), value: Type.Number({ maximum: 1 }) },
    { additionalProperties: false },
  );
  const express = Type.Object({ expression: Type.String() }, { additionalProperties: false });
  app.post('/v1/act', { schema: { body: Type.Union([hold, express]) } }, async () => ({ done: true }));
  app.post('/v1/change', { config: { needsToken: true } }, async () => ({ done: true }));
  app.get('/v1/broken', async () => {
    throw new Error('asked viewer@example.org');
  });
  after(() => app.close());
  const headers = { host: '127.0.0.1:8702' };
  const get = (url: string) => app.inject({ url, headers });
  const post = (url: string, payload: string, more: Record<string, string> = JSON_TYPE) =>
    app.inject({ method: 'POST', url, payload, headers: { ...headers, ...more } });

  it('lives without its dependencies, and is ready with them', async () => {
    reason = 'VRChat is away';
    assert.deepEqual((await get('/livez')).json(), { status: 'live' });
    const waiting = await get('/readyz');
    assert.deepEqual([waiting.statusCode, waiting.json()], [503, { status: 'not ready', reason: 'VRChat is away' }]);
    reason = undefined;
    assert.deepEqual((await get('/readyz')).json(), { status: 'ready' });
  });

  const wrong: readonly [string, () => ReturnType<typeof post>, number, string][] = [
    ['a wrong body', () => post('/v1/input', '{"text":""}'), 400, 'FST_ERR_VALIDATION'],
    ['a number for a text', () => post('/v1/input', '{"text":5}'), 400, 'FST_ERR_VALIDATION'],
    ['a foreign field', () => post('/v1/input', '{"text":"a","b":1}'), 400, 'FST_ERR_VALIDATION'],
    ['no JSON', () => post('/v1/input', '{'), 400, 'FST_ERR_CTP_INVALID_JSON_BODY'],
    ['an empty body', () => post('/v1/input', ''), 400, 'FST_ERR_CTP_EMPTY_JSON_BODY'],
    [
      'a large body',
      () => post('/v1/input', JSON.stringify({ text: 'x'.repeat(65_536) })),
      413,
      'FST_ERR_CTP_BODY_TOO_LARGE',
    ],
    ['a form', () => post('/v1/input', 'text=a', { 'content-type': 'text/plain' }), 415, 'content_type'],
    ['no token', () => post('/v1/change', '{}'), 401, 'token'],
    ['a foreign page', () => post('/v1/input', '{}', { ...JSON_TYPE, origin: 'https://evil.example' }), 403, 'origin'],
    ['no such route', () => get('/v1/nothing'), 404, 'Not Found'],
  ];
  for (const [what, send, statusCode, error] of wrong) {
    it(`answers ${what} with ${statusCode} and the same three fields`, async () => {
      const response = await send();
      const answer = response.json();
      assert.equal(response.statusCode, statusCode);
      assert.deepEqual(answer, { statusCode, error, message: answer.message });
      assert.ok(answer.message.length > 5);
    });
  }

  for (const [what, request, message] of [
    ['a value off the list', { input: 'Jmp', value: 1 }, 'body/input must be one of Jump, Run'],
    ['a value out of bounds', { input: 'Jump', value: 3 }, 'body/value must be <= 1'],
    ['a name that is unknown', { input: 'Jump', value: 1, colour: 1 }, "body takes no 'colour'"],
    ['the other branch', { expression: 5 }, 'body/expression must be string'],
    ['half of a branch', { value: 1 }, "body must have 'input'"],
    ['the other half', { input: 'Jump' }, "body must have 'value'"],
    ['half of each branch', { input: 'Jump', expression: 'wave' }, "body must have 'value' or body takes no 'input'"],
    ['no branch', { colour: 1 }, "body must have 'input' or 'expression'"],
    ['nothing', {}, "body must have 'input' or 'expression'"],
    ['no object', 3, 'body must be object'],
  ] as const)
    it(`says of ${what} what is allowed there`, async () => {
      assert.equal((await post('/v1/act', JSON.stringify(request))).json().message, message);
    });

  it('counts bad input by its reason', async () => {
    const text = await metrics.text();
    const counted = ['schema', 'malformed', 'content_type', 'token', 'origin'].map((name) =>
      Number(text.match(new RegExp(`understudy_bad_input_total\\{[^}]*reason="${name}"[^}]*\\} (\\d+)`))?.[1]),
    );
    assert.deepEqual(counted, [13, 3, 1, 1, 1]);
  });

  it('lets the holder of the token in', async () => {
    const response = await post('/v1/change', '{}', { ...JSON_TYPE, authorization: 'Bearer token-of-the-test' });
    assert.deepEqual([response.statusCode, response.json()], [200, { done: true }]);
  });

  it('reports its own failures, and tells no viewer’s address', async () => {
    const response = await get('/v1/broken');
    assert.equal(response.statusCode, 500);
    assert.doesNotMatch(response.body, /viewer@/);
    assert.equal(errors.length, 1);
  });

  it('describes its routes', async () => {
    const { info, paths } = (await get('/openapi.json')).json();
    assert.deepEqual(info, { title: 'Understudy osc-bridge', version: '0.1.0' });
    assert.deepEqual(Object.keys(paths).sort(), [
      '/livez',
      '/metrics',
      '/readyz',
      '/v1/act',
      '/v1/broken',
      '/v1/change',
      '/v1/input',
    ]);
    assert.equal(paths['/v1/input'].post.summary, 'Says something');
    assert.deepEqual(paths['/v1/input'].post.requestBody.content['application/json'].schema.required, ['text']);
  });
});
