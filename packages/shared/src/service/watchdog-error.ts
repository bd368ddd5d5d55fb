import type { ServiceName } from '../contracts/index.ts';
import { ServiceError } from '../errors/index.ts';
import type { WatchdogReport } from './watchdog.ts';

/** What the watchdog of the previous process left behind, as an error of this one. */
export function blockedError(service: ServiceName, report: WatchdogReport): ServiceError {
  const { blockedMs, stack, operation, at } = report;
  const place = stack?.[0] ?? operation ?? 'native code';
  const message = `${service} was blocked for ${Math.round(blockedMs)} ms in ${place} and was ended by its watchdog`;
  return new ServiceError('EVENT_LOOP_BLOCKED', message, { context: { blockedMs, stack, operation, at } });
}
