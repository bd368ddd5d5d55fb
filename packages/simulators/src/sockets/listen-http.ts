import type { Server } from 'node:http';
import { portUnavailable } from './port-unavailable-error.ts';

/** Listens and gives the port; 0 takes any free one. @throws PortUnavailableError */
export async function listenHttp(what: string, server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error): void => reject(portUnavailable(what, host, port, cause));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Closes the listening socket and every connection, answered or not. */
export function closeHttp(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
