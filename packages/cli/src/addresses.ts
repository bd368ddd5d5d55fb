import type { ResolvedConfig } from '@understudy/shared/config';
import { SERVICE_NAMES, type ServiceName } from '@understudy/shared/contracts';

export type Part = ServiceName | 'starter' | 'simulators';

/** http://host:port of each part. */
export type Addresses = Readonly<Record<Part, string>>;

export function addressesOf({ hosts, http, simulators }: ResolvedConfig): Addresses {
  // The starter is beside the supervisor.
  const services = [...SERVICE_NAMES, 'starter' as const].map((part) => {
    const host = hosts[part === 'starter' ? 'supervisor' : part];
    return [part, `http://${host}:${http.ports[part]}`];
  });
  return { ...Object.fromEntries(services), simulators: `http://${hosts.simulators}:${simulators.control_port}` };
}
