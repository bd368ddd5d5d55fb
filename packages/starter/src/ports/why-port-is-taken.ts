import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { PlannedPort } from './planned-ports.ts';

/** @returns the system's code (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`) when the port cannot be opened now, else `undefined` */
export function whyPortIsTaken({ protocol, host, port }: Omit<PlannedPort, 'setting'>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve('code' in error ? String(error.code) : error.message);
    if (protocol === 'tcp') {
      const server = createServer();
      server.once('error', fail);
      server.listen({ host, port }, () => server.close(() => resolve(undefined)));
      return;
    }
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      fail(error);
    });
    socket.bind({ address: host, port }, () => socket.close(() => resolve(undefined)));
  });
}
