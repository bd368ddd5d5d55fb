import type { ResolvedConfig } from '../config/index.ts';
import type { ServiceName } from '../contracts/index.ts';

const MB = 1024 * 1024;

/** A service's memory limit, and the share of it above which memory is given back. Bytes. */
export function memoryLimit(
  config: ResolvedConfig,
  service: ServiceName,
): { limitBytes: number; thresholdBytes: number } {
  const limitBytes = config.resources.memory_limit_mb[service] * MB;
  const share = Number.parseInt(config.alerts.resource_usage.memory_threshold, 10) / 100;
  return { limitBytes, thresholdBytes: limitBytes * share };
}
