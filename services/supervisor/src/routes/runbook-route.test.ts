import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createHttpApp } from '@understudy/shared/service';
import type { FastifyInstance } from 'fastify';
import { runbookRoute } from './runbook-route.ts';

describe('GET /v1/runbooks/NAME', () => {
  let app: FastifyInstance;
  beforeEach(async () => {
    app = await createHttpApp({
      service: 'supervisor',
      version: 'test',
      rules: () => ({ allowedHosts: [], allowedOrigins: [], token: 'x' }),
      notReady: () => undefined,
    });
    runbookRoute(app);
  });
  afterEach(() => app.close());

  const get = async (name: string, accept = '*/*') => {
    const url = `/v1/runbooks/${name}`;
    const answer = await app.inject({ url, headers: { host: '127.0.0.1:8700', accept } });
    return { status: answer.statusCode, type: answer.headers['content-type'], start: answer.body.split('\n')[0] };
  };

  it('gives the page', async () => {
    assert.deepEqual(await get('NatsDown'), {
      status: 200,
      type: 'text/markdown; charset=utf-8',
      start: '# NatsDown',
    });
    assert.deepEqual(await get('incidents', 'text/html,application/xhtml+xml'), {
      status: 200,
      type: 'text/plain; charset=utf-8',
      start: '# Incidents',
    });
  });

  it('names the commands of the mode in which it is read', async () => {
    const stack = await createHttpApp({
      service: 'supervisor',
      version: 'test',
      rules: () => ({ allowedHosts: [], allowedOrigins: [], token: 'x' }),
      notReady: () => undefined,
    });
    runbookRoute(stack, undefined, { UNDERSTUDY_HOSTS: 'supervisor=supervisor' });
    const read = async (from: FastifyInstance) =>
      (await from.inject({ url: '/v1/runbooks/incidents', headers: { host: '127.0.0.1:8700' } })).body;
    assert.match(await read(stack), /: `docker compose exec supervisor understudy status`, /);
    assert.match(await read(app), /: `npx understudy status`, /);
    await stack.close();
  });

  it('has no other', async () => {
    assert.equal((await get('NoSuchAlert')).status, 404);
  });

  it('reads nothing else of the disk', async () => {
    for (const name of ['..%2Ferror-codes', '%2e%2e%2farchitecture', 'a.md', 'x'.repeat(61)])
      assert.ok([400, 404].includes((await get(name)).status), name);
  });
});
