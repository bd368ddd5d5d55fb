import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { freePorts } from '@understudy/shared/testing';
import { awaitAnswer } from './await-answer.ts';

async function withServer(onSocket: (socket: Socket) => void, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer(onSocket).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await use(typeof address === 'object' && address ? address.port : 0);
  server.close();
}
const question = (port: number) => ({ host: '127.0.0.1', port, say: 'PING\r\n', answer: /\+PONG/ });
const never = new AbortController().signal;

test('waits until the right answer comes, over connections that are cut before', async () => {
  let connections = 0;
  const onSocket = (socket: Socket) => {
    connections += 1;
    if (connections < 3) socket.end('-LOADING\r\n');
    else socket.once('data', (said) => socket.end(`+PONG to ${said}`));
  };
  await withServer(onSocket, (port) => awaitAnswer(question(port), never, 30_000));
  assert.equal(connections, 3);
});

test('gives up with the address and what it heard last', async () => {
  const onSocket = (socket: Socket) => void socket.end('-NOAUTH\r\n');
  await withServer(onSocket, (port) =>
    assert.rejects(awaitAnswer(question(port), never, 300), {
      message: `127.0.0.1:${port} did not answer within 0.3 s: closed after "-NOAUTH\\r\\n"`,
    }),
  );
});

test('ends with the reason of the signal', async () => {
  const [port = 0] = await freePorts(1);
  await assert.rejects(awaitAnswer(question(port), AbortSignal.abort(new Error('nats ended')), 30_000), {
    message: 'nats ended',
  });
});
