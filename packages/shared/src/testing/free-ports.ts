import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the range from which systems hand out ports by themselves: nobody is given one of these between this look and its use. */
const LOWEST = 11_000;
const HIGHEST = 31_000;

/** What this process was given already; it may not be in use yet. */
const given = new Set<number>();

/** So many neighbouring ports of loopback, free for TCP and UDP a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  for (let tries = 0; tries < 200; tries += 1) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const block = Array.from({ length: count }, (_, index) => first + index);
    if (block.some((port) => given.has(port))) continue;
    for (const port of block) given.add(port);
    const free = await Promise.all(block.map(async (port) => (await isTcpFree(port)) && (await isUdpFree(port))));
    if (free.every(Boolean)) return block;
  }
  throw new Error(`no ${count} neighbouring free ports between ${LOWEST} and ${HIGHEST}`);
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

function isTcpFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function isUdpFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}
