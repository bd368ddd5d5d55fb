import type { ResolvedConfig } from '@understudy/shared/config';
import { SERVICE_NAMES } from '@understudy/shared/contracts';

/** The services in the form of file_sd: each where it is reached from here. */
export function renderTargets({ hosts, http }: Pick<ResolvedConfig, 'hosts' | 'http'>): string {
  const targets = SERVICE_NAMES.map((service) => ({
    targets: [`${hosts[service]}:${http.ports[service]}`],
    labels: { service },
  }));
  return `${JSON.stringify(targets, null, 2)}\n`;
}
