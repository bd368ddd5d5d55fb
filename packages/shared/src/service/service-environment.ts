import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigFile, configFileOf, inThisMode } from '../config/index.ts';
import type { ServiceName } from '../contracts/index.ts';

/** What whoever starts a service (the starter, Compose, `understudy host-env`) hands to it. */
export interface ServiceEnvironment {
  readonly configFile: ConfigFile;
  /** This service's own folder. */
  readonly dataFolder: string;
  readonly logsFolder: string | undefined;
  readonly natsUrl: string;
  readonly natsPassword: string;
  readonly redisUrl: string | undefined;
  readonly token: string;
  readonly faultsEnabled: boolean;
  /** Where it is not set the configuration says it. */
  readonly console: 'json' | 'pretty' | 'off' | undefined;
  readonly otlpEndpoint: string | undefined;
  /** Of the supervisor alone: whom it tells of incidents. Without it the supervisor tells by itself. */
  readonly alertmanagerUrl: string | undefined;
}

/** A value, or the content of the file that NAME_FILE names. */
export function readSecret(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file) return env[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const why = existsSync(file) ? 'cannot be read; check its permissions' : 'does not exist; npm start makes it';
    throw new Error(inThisMode(`${name}_FILE names ${file}, which ${why}`, env), { cause });
  }
}

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const ALERTMANAGER = 'UNDERSTUDY_ALERTMANAGER_URL';
const CONSOLES = ['json', 'pretty', 'off'] as const;

function needUrl<T extends string | undefined>(name: string, value: T, example: string): T {
  if (value && !(value.includes('://') && URL.canParse(value)))
    throw new Error(`${name} is not an address; write it like ${example}`);
  return value;
}

export function readEnvironment(service: ServiceName, env: NodeJS.ProcessEnv = process.env): ServiceEnvironment {
  const need = (name: string): string => {
    const value = readSecret(name, env);
    if (!value)
      throw new Error(`${name} (or ${name}_FILE) is not set; ${service} is started by npm start or docker compose up`);
    return value;
  };
  return {
    configFile: configFileOf(process.cwd(), env['UNDERSTUDY_CONFIG']),
    dataFolder: join(env['UNDERSTUDY_DATA'] ?? '.understudy/data', service),
    logsFolder: env['UNDERSTUDY_LOGS'],
    natsUrl: needUrl('UNDERSTUDY_NATS_URL', need('UNDERSTUDY_NATS_URL'), 'nats://127.0.0.1:4222'),
    natsPassword: need('UNDERSTUDY_NATS_PASSWORD'),
    redisUrl: needUrl('UNDERSTUDY_REDIS_URL', readSecret('UNDERSTUDY_REDIS_URL', env), 'redis://127.0.0.1:6379'),
    token: need('UNDERSTUDY_TOKEN'),
    faultsEnabled: env['UNDERSTUDY_FAULTS'] === 'on',
    console: CONSOLES.find((value) => value === env['UNDERSTUDY_CONSOLE']),
    otlpEndpoint: needUrl(ENDPOINT, env[ENDPOINT], 'http://127.0.0.1:4318'),
    alertmanagerUrl: needUrl(ALERTMANAGER, env[ALERTMANAGER] || undefined, 'http://127.0.0.1:9093'),
  };
}
