import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { freePort } from '../../testing/free-ports.ts';
import { describePortOwner, findPortOwner } from './find-port-owner.ts';

it('names this process for a port that it holds, TCP and UDP', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(socket, 'listening')]);
  const address = server.address();
  const tcp = await findPortOwner('tcp', typeof address === 'object' && address ? address.port : 0);
  const udp = await findPortOwner('udp', socket.address().port);
  server.close();
  socket.close();
  assert.equal(tcp?.pid, process.pid);
  assert.match(describePortOwner(udp), new RegExp(`^.*node.* \\(process ${process.pid}\\)$`));
});

it('names nobody for a port that is free', async () => {
  const owner = await findPortOwner('udp', await freePort());
  assert.equal(describePortOwner(owner), 'a program that cannot be seen from here');
});
