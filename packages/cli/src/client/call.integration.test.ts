import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { startAnsweringServer } from '../testing/answering-server.ts';
import { readStatus } from './answers.ts';
import { call } from './call.ts';

test('an answer that is no JSON, late, cut or of another version is an error in plain words', async () => {
  const server = await startAnsweringServer({
    'GET /html': { body: undefined, raw: '<html>proxy</html>' },
    'GET /refused': { status: 409, body: { statusCode: 409, error: 'X', message: 'cv-service is parked' } },
    'GET /broken': { status: 502, body: undefined, raw: 'bad gateway' },
    'GET /old': { body: { mode: 'full' } },
  });
  const get = (path: string) =>
    call({ method: 'GET', url: `http://127.0.0.1:${server.port}${path}`, timeoutMs: 10_000 });
  const origin = `http://127.0.0.1:${server.port}`;
  await assert.rejects(get('/html'), { exitCode: 1, message: `${origin}/html answered something that is not JSON` });
  await assert.rejects(get('/refused'), { exitCode: 1, status: 409, message: 'cv-service is parked' });
  await assert.rejects(get('/broken'), { exitCode: 1, status: 502, message: `${origin}/broken answered 502` });
  await assert.rejects(async () => readStatus(await get('/old')), {
    exitCode: 1,
    message: /^The status that came is not as expected/,
  });
  await server.close();
});

test('one that accepts and never answers is given up on', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const address = silent.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  await assert.rejects(call({ method: 'GET', url, timeoutMs: 100 }), {
    exitCode: 1,
    message: `${url} did not answer within 0.1 s`,
  });
  silent.close();
});
