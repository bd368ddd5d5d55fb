import { SERVICE_NAMES, type ServiceName } from '../contracts/index.ts';

/** What may be elsewhere than on this machine's loopback. */
export const PLACED_PARTS = [...SERVICE_NAMES, 'simulators'] as const;
export type PlacedPart = ServiceName | 'simulators';

/** Where a process runs among the others: natively all are on loopback, in Compose each is a host of its own. */
export interface Place {
  /** The address on which its sockets are bound; without it what the configuration says. */
  readonly listen: string | undefined;
  /** The host of each part; 127.0.0.1 for the others. */
  readonly hosts: Readonly<Partial<Record<PlacedPart, string>>>;
}

export const LOOPBACK_PLACE: Place = { listen: undefined, hosts: {} };

const isPart = (name: string): name is PlacedPart => PLACED_PARTS.some((part) => part === name);

/**
 * Reads `UNDERSTUDY_LISTEN` (an address) and `UNDERSTUDY_HOSTS` (`osc-bridge=osc-bridge simulators=host.docker.internal`).
 * @throws Error that names the pair that is none
 */
export function readPlace(env: Readonly<Record<string, string | undefined>>): Place {
  const pairs = (env['UNDERSTUDY_HOSTS'] ?? '').split(/[\s,]+/).filter((pair) => pair !== '');
  const hosts = pairs.map((pair): [PlacedPart, string] => {
    const [name = '', host = ''] = pair.split('=');
    if (isPart(name) && host !== '') return [name, host];
    throw new Error(`UNDERSTUDY_HOSTS: "${pair}" is not PART=HOST; PART is one of ${PLACED_PARTS.join(', ')}`);
  });
  return { listen: env['UNDERSTUDY_LISTEN'] || undefined, hosts: Object.fromEntries(hosts) };
}
