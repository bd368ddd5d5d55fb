import type { ConfigProblem } from '../config/index.ts';
import { ServiceError } from '../errors/index.ts';
import type { ConfigHolder } from './config-holder.ts';
import type { GuardRules } from './request-guard.ts';
import type { ProbeResult } from './service-context.ts';

const tell = (problem: ConfigProblem) => `${problem.file}:${problem.line}: ${problem.path}: ${problem.message}`;
const GOOD: ProbeResult = { ok: true, detail: 'the configuration on disk is in use' };

/** The probe `configuration`: is what is on disk in use? */
export function probeConfiguration(config: Pick<ConfigHolder, 'problems'>): ProbeResult {
  const [problem] = config.problems();
  return problem ? { ok: false, detail: tell(problem) } : GOOD;
}

/** Reads the configuration again; a wrong one is reported with its place, and the last good one stays. */
export function createReload(config: ConfigHolder, reportError: (error: unknown) => unknown): () => ProbeResult {
  return () => {
    const reloaded = config.reload();
    if (reloaded.ok) return GOOD;
    const place = reloaded.problems.map(tell)[0] ?? config.file;
    reportError(new ServiceError('CONFIGURATION_INVALID', `${place}; the last good configuration stays in use`));
    return { ok: false, detail: place };
  };
}

export const guardRules = (config: ConfigHolder, token: string) => (): GuardRules => {
  const { allowed_hosts: allowedHosts, allowed_origins: allowedOrigins } = config.current().http;
  return { allowedHosts, allowedOrigins, token };
};
