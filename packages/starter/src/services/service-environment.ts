import { join } from 'node:path';
import type { ServiceName } from '@understudy/shared/contracts';
import type { Places } from '../places.ts';
import { natsPasswordFile } from '../servers/nats-process.ts';

export type ConsoleFormat = 'off' | 'json' | 'pretty';

export interface ServiceSurroundings {
  readonly natsUrl: string;
  /** `undefined`: this start has no Redis. */
  readonly redisUrlFile: string | undefined;
  readonly faults: boolean;
  readonly console: ConsoleFormat;
}

/** What the skeleton of a service reads (packages/shared/src/service/service-environment.ts); secrets only as names of files. */
export function serviceEnvironment(
  name: ServiceName,
  places: Places,
  { natsUrl, redisUrlFile, faults, console }: ServiceSurroundings,
): Record<string, string | undefined> {
  return {
    // They start in the checkout, and find its own file; that one may be missing, one that is named may not.
    UNDERSTUDY_CONFIG: places.configFile.isNamed ? places.configFile.path : undefined,
    UNDERSTUDY_DATA: places.data,
    UNDERSTUDY_LOGS: places.logs,
    UNDERSTUDY_NATS_URL: natsUrl,
    UNDERSTUDY_NATS_PASSWORD_FILE: natsPasswordFile(places, name),
    UNDERSTUDY_TOKEN_FILE: places.tokenFile,
    UNDERSTUDY_REDIS_URL: undefined,
    UNDERSTUDY_REDIS_URL_FILE: redisUrlFile,
    UNDERSTUDY_FAULTS: faults ? 'on' : 'off',
    UNDERSTUDY_CONSOLE: console,
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(places.root, '.understudy', 'compile-cache'),
  };
}
