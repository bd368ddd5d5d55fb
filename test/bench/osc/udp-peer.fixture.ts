// The other end of the benched sockets, in a thread of its own: it sends at a rate, and counts what comes.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { FromUdpPeer, ToUdpPeer } from './udp-peer.ts';

const TICK_MS = 2;
/** Else the peer would be what loses. */
const BUFFER_BYTES = 2 * 1024 * 1024;

if (!parentPort) throw new Error('udp-peer.fixture.ts runs as a worker thread of the bench only');
const port = parentPort;
const tell = (message: FromUdpPeer): void => port.postMessage(message);

const socket = createSocket('udp4');
let received = 0;
socket.on('message', () => {
  received += 1;
});
socket.bind(0, '127.0.0.1');
await once(socket, 'listening');
socket.setRecvBufferSize(BUFFER_BYTES);

async function send({ to, rate, count, datagrams }: Extract<ToUdpPeer, { type: 'send' }>): Promise<void> {
  const beganAt = performance.now();
  for (let sent = 0; sent < count; ) {
    const due = Math.min(count, Math.ceil(((performance.now() - beganAt) * rate) / 1000));
    for (; sent < due; sent += 1) socket.send(datagrams[sent % datagrams.length] ?? '', to, '127.0.0.1');
    await delay(TICK_MS);
  }
  tell({ type: 'sent', tookMs: performance.now() - beganAt });
}

port.on('message', (message: ToUdpPeer) => {
  if (message.type === 'send') void send(message);
  else tell({ type: 'received', count: received });
});
tell({ type: 'open', port: socket.address().port });
