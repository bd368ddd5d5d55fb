import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { freePort } from '@understudy/shared/testing';
import { startVrchat } from '@understudy/simulators';
import { createOscQuery } from './osc-query.ts';

async function serve(listener: RequestListener): Promise<{ port: number; close(): void }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
/** A busy machine may take long; how long VRChat may take is not what most of these are about. */
const PATIENT_MS = 30_000;
const askAt = (port: number, timeoutMs = PATIENT_MS) =>
  createOscQuery(() => ({ host: '127.0.0.1', port }), timeoutMs).ask();

test("the avatar's parameters as VRChat tells them, asked with the only Host that it answers", async (t) => {
  const vrchat = await startVrchat({
    receivePort: 0,
    sendTo: { host: '127.0.0.1', port: await freePort() },
    oscQueryPort: 0,
  });
  t.after(() => vrchat.close());
  const answer = await askAt(vrchat.state().oscQueryPort ?? 0);
  assert.equal(answer.peer, 'runs');
  if (answer.peer !== 'runs') return;
  assert.deepEqual(
    ['Mood', 'Emotion', 'UnderstudyProbe', 'MuteSelf'].map((name) => answer.parameters.get(name)),
    [
      { kind: 'float', writable: true, value: 0 },
      { kind: 'int', writable: true, value: 0 },
      { kind: 'bool', writable: true, value: false },
      { kind: 'bool', writable: false, value: false },
    ],
  );
  assert.deepEqual(vrchat.state().violations, []);
});

test('a port that answered and is closed now: VRChat is gone, unless it is heard', async (t) => {
  const server = await serve((_request, response) => response.end('{}'));
  t.after(server.close);
  const oscQuery = createOscQuery(() => ({ host: '127.0.0.1', port: server.port }), PATIENT_MS);
  assert.deepEqual(await oscQuery.ask(), { peer: 'runs', parameters: new Map() });
  server.close();
  assert.deepEqual(await oscQuery.ask(), { peer: 'gone' });
  oscQuery.distrust();
  assert.deepEqual(await oscQuery.ask(), { peer: 'unknown' });
});

test('a port that never answered tells nothing: VRChat chooses another one at each start', async () => {
  assert.deepEqual(await askAt(await freePort()), { peer: 'unknown' });
});

test('not configured: nothing is known', async () => {
  assert.deepEqual(await createOscQuery(() => undefined).ask(), { peer: 'unknown' });
});

test('a server that never answers tells nothing, after a while', async (t) => {
  const server = await serve(() => {});
  t.after(server.close);
  assert.deepEqual(await askAt(server.port, 100), { peer: 'unknown' });
});

for (const [what, listener] of [
  ['refuses the Host', (_request, response) => response.writeHead(400).end('<h2>Bad Request - Invalid Hostname</h2>')],
  ['sends no JSON', (_request, response) => response.end('<html>')],
  [
    'breaks off',
    (_request, response) =>
      void response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()),
  ],
  [
    'never ends',
    (_request, response) => {
      const more = setInterval(() => response.write('x'.repeat(1024 * 1024)), 5);
      response.on('close', () => clearInterval(more));
    },
  ],
] as const satisfies readonly (readonly [string, RequestListener])[]) {
  test(`a server that ${what} tells nothing`, async (t) => {
    const server = await serve(listener);
    t.after(server.close);
    assert.deepEqual(await askAt(server.port), { peer: 'unknown' });
  });
}
