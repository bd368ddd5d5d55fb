import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@understudy/shared/contracts';
import { ensureSecret } from '@understudy/shared/servers';

/** What the stack's programs know each other by. Made at the first start, kept until they are rotated. */
export interface Credentials {
  readonly nats: Readonly<Record<ServiceName, string>>;
  readonly redis: string;
  /** Of the API; what changes the bot needs it. */
  readonly token: string;
  readonly grafanaAdmin: string;
}

const folderOf = (state: string): string => join(state, 'credentials');

export function ensureCredentials(state: string): Credentials {
  const secret = (name: string): string => ensureSecret(join(folderOf(state), name));
  const nats = Object.fromEntries(SERVICE_NAMES.map((service) => [service, secret(`nats-${service}`)]));
  return {
    nats: nats as Credentials['nats'],
    redis: secret('redis'),
    token: secret('token'),
    grafanaAdmin: secret('grafana-admin'),
  };
}

/** The next `ensureCredentials` makes all anew. */
export const forgetCredentials = (state: string): void => rmSync(folderOf(state), { recursive: true, force: true });
