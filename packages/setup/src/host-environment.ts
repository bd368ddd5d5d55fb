import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUPERVISED_SERVICES, type SupervisedService } from '@understudy/shared/contracts';
import { SetupError } from './setup-error.ts';

const isSupervised = (name: string | undefined): name is SupervisedService =>
  SUPERVISED_SERVICES.some((service) => service === name);

/**
 * The environment of a service that runs on the host beside the stack: credentials, and the addresses that the stack publishes on this
 * machine. What only the host knows (folders, the listening address) is added there. @throws SetupError
 */
export function hostEnvironment(service: string | undefined, volumes: string, env: NodeJS.ProcessEnv): string {
  if (!isSupervised(service))
    throw new SetupError(
      `host-env: "${service ?? ''}" cannot run on the host; one of ${SUPERVISED_SERVICES.join(', ')} can`,
    );
  const secret = (name: string): string => {
    try {
      return readFileSync(join(volumes, `${service}-secrets`, name), 'utf8');
    } catch (cause) {
      throw new SetupError('host-env: no credentials have been made yet; run docker compose up once', { cause });
    }
  };
  const port = (name: string, fallback: number): string => env[`UNDERSTUDY_${name}_PORT`] ?? String(fallback);
  const lines = {
    UNDERSTUDY_NATS_URL: `nats://127.0.0.1:${port('NATS', 4322)}`,
    UNDERSTUDY_NATS_PASSWORD: secret('nats_password'),
    UNDERSTUDY_REDIS_URL: secret('redis_url').replace('@redis:6379', `@127.0.0.1:${port('REDIS', 6479)}`),
    UNDERSTUDY_TOKEN: secret('token'),
    UNDERSTUDY_FAULTS: env['UNDERSTUDY_FAULTS'] ?? 'off',
    ...(env['UNDERSTUDY_STACK'] === 'lite'
      ? {}
      : { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port('OTLP', 4318)}` }),
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
