import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedConfig } from '@understudy/shared/config';
import { ensureSecret, renderRedisConfig, writePrivately } from '@understudy/shared/servers';
import type { Places } from '../places.ts';
import type { ProcessSpec } from '../supervise/keep-running.ts';
import { SERVER_RESTARTS } from '../supervise/restart-delay.ts';
import { READY_LIMIT_MS } from '../supervise/when-ready.ts';
import { awaitAnswer } from './await-answer.ts';
import { serverEnvironment } from './server-environment.ts';

const redisPassword = (places: Places): string => ensureSecret(join(places.secrets, 'redis.password'));

/** Writes the URL, password inside, to a file that only its owner reads; an environment variable would show it in process listings. */
export function writeRedisUrl({ redis }: ResolvedConfig, places: Places): string {
  const file = join(places.secrets, 'redis.url');
  writePrivately(file, `redis://:${redisPassword(places)}@${redis.host}:${redis.port}`);
  return file;
}

/** A private Redis. Makes its password at the first start. */
export function redisProcess(program: string, config: ResolvedConfig, places: Places): ProcessSpec {
  const folder = join(places.data, 'redis');
  mkdirSync(folder, { recursive: true });
  mkdirSync(places.logs, { recursive: true });
  const { host, port } = config.redis;
  const password = redisPassword(places);
  const configFile = join(places.secrets, 'redis.conf');
  const logFile = join(places.logs, 'redis-server.log');
  writePrivately(configFile, renderRedisConfig({ host, port, password, folder, logFile }));
  const say = `AUTH ${password}\r\nPING\r\n`;
  return {
    name: 'redis',
    command: program,
    args: [configFile],
    env: serverEnvironment(process.env),
    cwd: places.data,
    ipc: false,
    whenReady: (_, signal) => awaitAnswer({ host, port, say, answer: /\+PONG/ }, signal, READY_LIMIT_MS),
    askToEnd: (running) => running.kill('SIGTERM'),
    restarts: SERVER_RESTARTS,
  };
}
