import { formatProblem } from '../config/index.ts';
import { ServiceError } from '../errors/index.ts';
import type { ConfigHolder } from './config-holder.ts';
import type { GuardRules } from './request-guard.ts';
import type { ProbeResult } from './service-context.ts';

/** The probe `configuration`: is what is on disk in use? */
export function probeConfiguration(config: Pick<ConfigHolder, 'problems' | 'waiting'>): ProbeResult {
  const [problem] = config.problems();
  if (problem) return { ok: false, detail: formatProblem(problem) };
  const waiting = config.waiting();
  const but = waiting.length === 0 ? '' : `; what has changed in ${waiting.join(', ')} is taken at the next start`;
  return { ok: true, detail: `the configuration on disk is in use${but}` };
}

/** Reads the configuration again; a wrong one is reported with its place, and the last good one stays. */
export function createReload(config: ConfigHolder, reportError: (error: unknown) => unknown): () => ProbeResult {
  return () => {
    config.reload();
    const proof = probeConfiguration(config);
    if (!proof.ok) reportError(new ServiceError('CONFIGURATION_INVALID', proof.detail));
    return proof;
  };
}

export const guardRules = (config: ConfigHolder, token: string) => (): GuardRules => {
  const { allowed_hosts: allowedHosts, allowed_origins: allowedOrigins } = config.current().http;
  return { allowedHosts, allowedOrigins, token };
};
