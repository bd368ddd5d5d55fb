import { mkdirSync } from 'node:fs';
import os from 'node:os';
import type { ResolvedConfig } from '@understudy/shared/config';
import type { Hub } from '@understudy/shared/messaging';
import { type Clock, memoryLimit, type ServiceEnvironment } from '@understudy/shared/service';
import type { Logger, Metrics } from '@understudy/shared/telemetry';
import { createDiskLook } from './disk.ts';
import { createMachineLook } from './machine.ts';
import { createNatsLook } from './nats.ts';
import { createOwnProcessLook } from './own-process.ts';
import { createRedisLook } from './redis.ts';
import { createRedisMemoryReader } from './redis-memory.ts';
import { type Look, watchSurroundings } from './watch-surroundings.ts';

export interface SurroundingsOptions {
  readonly config: () => ResolvedConfig;
  readonly environment: Pick<ServiceEnvironment, 'dataFolder' | 'logsFolder' | 'redisUrl'>;
  readonly hub: Pick<Hub, 'onConnection' | 'ready' | 'serverState' | 'spoolPending'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** As often as Prometheus asks. */
const LOOK_EVERY_MS = 5000;

/** The supervisor's own process, the machine, the disk and the programs around it, measured from now on. */
export function createSurroundings({ config, environment, hub, metrics, logger, clock }: SurroundingsOptions) {
  const { dataFolder, logsFolder, redisUrl } = environment;
  const stopping = new AbortController();
  const ownProcess = createOwnProcessLook(metrics, {
    limitBytes: () => memoryLimit(config(), 'supervisor').limitBytes,
    outboxPending: hub.spoolPending,
  });
  const redis = redisUrl === undefined ? undefined : createRedisMemoryReader(redisUrl);
  const folders = new Map<'logs' | 'data', string>([['data', dataFolder]]);
  if (logsFolder !== undefined) folders.set('logs', logsFolder);
  for (const folder of folders.values()) mkdirSync(folder, { recursive: true });
  const lookAtNats = createNatsLook(metrics, hub);
  const looks: Record<string, Look> = {
    'its own process': ownProcess.look,
    'the machine': createMachineLook(metrics, os),
    'the disk': createDiskLook(metrics, folders),
    NATS: lookAtNats,
    ...(redis ? { Redis: createRedisLook(metrics, redis.read) } : {}),
  };
  void watchSurroundings(looks, {
    clock,
    everyMs: LOOK_EVERY_MS,
    signal: stopping.signal,
    onFailed: (what, error) =>
      logger.warning('A measurement failed; its metrics stand still until it succeeds', {
        context: { what },
        err: error,
      }),
  });
  // Whether it is there is known at once, and its streams as soon as they are made.
  const forget = hub.onConnection(() => void lookAtNats());
  hub.ready.then(lookAtNats, () => undefined);
  return {
    stop(): void {
      stopping.abort();
      forget();
      ownProcess.stop();
      redis?.close();
    },
  };
}
