import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface RawPeer {
  readonly port: number;
  readonly received: Buffer[];
  send(datagram: Buffer, port: number): Promise<void>;
  close(): Promise<void>;
}

/** A bare UDP socket on loopback, with no library's opinion of what is right. */
export async function openRawPeer(port = 0): Promise<RawPeer> {
  const socket = createSocket('udp4');
  const received: Buffer[] = [];
  let closed: Promise<void> | undefined;
  socket.on('message', (datagram) => received.push(datagram));
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    received,
    send: (datagram, to) =>
      new Promise((resolve, reject) =>
        socket.send(datagram, to, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
      ),
    close: () => {
      closed ??= new Promise((resolve) => socket.close(() => resolve()));
      return closed;
    },
  };
}
