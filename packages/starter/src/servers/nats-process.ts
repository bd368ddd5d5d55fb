import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedConfig } from '@understudy/shared/config';
import { SERVICE_NAMES, type ServiceName } from '@understudy/shared/contracts';
import { renderNatsConfig } from '@understudy/shared/messaging';
import { ensureSecret, writePrivately } from '@understudy/shared/servers';
import type { Places } from '../places.ts';
import type { ProcessSpec } from '../supervise/keep-running.ts';
import { SERVER_RESTARTS } from '../supervise/restart-delay.ts';
import { READY_LIMIT_MS } from '../supervise/when-ready.ts';
import { awaitAnswer } from './await-answer.ts';
import { serverEnvironment } from './server-environment.ts';

export const natsUrl = ({ nats }: ResolvedConfig): string => `nats://${nats.host}:${nats.port}`;

export const natsPasswordFile = (places: Places, service: ServiceName): string =>
  join(places.secrets, `nats-${service}.password`);

/** A private NATS with JetStream and one account a service. Makes the passwords at the first start. */
export function natsProcess(program: string, config: ResolvedConfig, places: Places): ProcessSpec {
  const storeFolder = join(places.data, 'nats');
  mkdirSync(storeFolder, { recursive: true });
  mkdirSync(places.logs, { recursive: true });
  const password = (service: ServiceName) => ensureSecret(natsPasswordFile(places, service));
  const configFile = join(places.secrets, 'nats.conf');
  const { host, port } = config.nats;
  const rendered = renderNatsConfig({
    bot: config.bot,
    host,
    port,
    storeFolder,
    logFile: join(places.logs, 'nats-server.log'),
    passwords: Object.fromEntries(SERVICE_NAMES.map((name) => [name, password(name)])) as Record<ServiceName, string>,
  });
  writePrivately(configFile, rendered);
  return {
    name: 'nats',
    command: program,
    args: ['--config', configFile],
    env: serverEnvironment(process.env),
    cwd: places.data,
    ipc: false,
    whenReady: (_, signal) => awaitAnswer({ host, port, say: '', answer: /^INFO \{/ }, signal, READY_LIMIT_MS),
    askToEnd: (running) => running.kill('SIGTERM'),
    restarts: SERVER_RESTARTS,
  };
}

/** NATS writes to its own file, so that its last words are there and not on the pipe. */
export function lastNatsLines(places: Places): string {
  try {
    return readFileSync(join(places.logs, 'nats-server.log'), 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  } catch {
    return '';
  }
}
