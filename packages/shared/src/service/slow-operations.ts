import type { Config } from '../config/index.ts';
import { ServiceError } from '../errors/index.ts';
import type { Logger } from '../telemetry/index.ts';

/** The logger, and behind each slow operation that it logs an error event: slowness enters by the same front door. */
export function slowOperations(
  logger: Logger,
  settings: () => Config['logging']['performance'],
  reportError: (error: unknown) => unknown,
): Logger {
  return {
    ...logger,
    child: (module) => slowOperations(logger.child(module), settings, reportError),
    logPerformance(operation, durationMs, fields) {
      logger.logPerformance(operation, durationMs, fields);
      const { enabled, threshold_ms: thresholdMs } = settings();
      if (!enabled || durationMs < thresholdMs) return;
      const message = `${operation} took ${Math.round(durationMs)} ms; ${thresholdMs} ms is the threshold`;
      reportError(
        new ServiceError('OPERATION_SLOW', message, {
          subject: operation.slice(0, 120),
          context: { durationMs, thresholdMs },
        }),
      );
    },
  };
}
