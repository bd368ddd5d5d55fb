import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SERVICE_NAMES, type ServiceName } from '../contracts/index.ts';
import { renderNatsConfig } from '../messaging/render-nats-config.ts';
import { freePort } from './free-ports.ts';

export interface TestNats {
  readonly url: string;
  readonly port: number;
  readonly passwords: Readonly<Record<ServiceName, string>>;
  address(service: ServiceName): { url: string; user: string; password: string };
  /** SIGKILL, as a crash. */
  kill(): Promise<void>;
  /** With the same port, accounts and data. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

async function accepts(port: number): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    if (Date.now() > end) throw new Error(`nats-server did not listen on ${port} within ${START_LIMIT_MS} ms`);
    await delay(20);
  }
}

/** A real nats-server with Understudy's accounts, on a free port and with a folder of its own. */
export async function startNats(
  options: { bot?: string; passwords?: Readonly<Record<ServiceName, string>> } = {},
): Promise<TestNats> {
  const { bot = 'main' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'understudy-nats-'));
  const port = await freePort();
  const passwords =
    options.passwords ??
    (Object.fromEntries(SERVICE_NAMES.map((name) => [name, `secret-of-${name}`])) as Record<ServiceName, string>);
  const configFile = join(folder, 'nats.conf');
  writeFileSync(
    configFile,
    renderNatsConfig({ bot, host: '127.0.0.1', port, storeFolder: join(folder, 'store'), passwords }),
  );
  let child: ChildProcess | undefined;
  const nats: TestNats = {
    url: `nats://127.0.0.1:${port}`,
    port,
    passwords,
    address: (service) => ({ url: nats.url, user: service, password: passwords[service] }),
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    async start() {
      child = spawn('nats-server', ['-c', configFile], { stdio: process.env['TEST_NATS_LOG'] ? 'inherit' : 'ignore' });
      await accepts(port);
    },
    async stop() {
      await nats.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await nats.start();
  return nats;
}
