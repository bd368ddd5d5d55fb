import type { ResolvedConfig } from '@understudy/shared/config';
import type { ServiceName } from '@understudy/shared/contracts';
import type { StartedPart } from './start-options.ts';
import type { KeptProcess } from './supervise/keep-running.ts';

/** The table's rows: each part of this start, and Redis also where it is absent, for then something else stands in. */
export function reportParts(config: ResolvedConfig, kept: readonly KeptProcess[]): StartedPart[] {
  const rows = kept.map((part) => ({
    name: part.name,
    state: part.state().state,
    address: addressOf(config, part.name),
  }));
  if (rows.some(({ name }) => name === 'redis')) return rows;
  const [nats, ...others] = rows;
  const absent: StartedPart = { name: 'redis', state: 'absent', address: 'in-process cache instead' };
  return nats ? [nats, absent, ...others] : [absent];
}

function addressOf({ http, nats, redis, simulators }: ResolvedConfig, part: string): string {
  if (part === 'nats') return `nats://${nats.host}:${nats.port}`;
  if (part === 'redis') return `redis://${redis.host}:${redis.port}`;
  if (part === 'simulators') return `http://127.0.0.1:${simulators.control_port}`;
  return `http://${http.host}:${http.ports[part as ServiceName]}`;
}
