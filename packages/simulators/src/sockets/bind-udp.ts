import { createSocket, type Socket } from 'node:dgram';
import { cachedLookup } from './cached-lookup.ts';
import { portUnavailable } from './port-unavailable-error.ts';

/** A bound UDP socket; `port` 0 takes any free one. @throws PortUnavailableError */
export async function bindUdp(what: string, host: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', lookup: cachedLookup() });
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      socket.close();
      reject(portUnavailable(what, host, port, cause));
    };
    socket.once('error', fail);
    socket.bind(port, host, () => {
      socket.off('error', fail);
      // A refused loopback datagram may surface as an error on the next call; UDP has no peer to lose, so it is no failure here.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

export const closeUdp = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));
