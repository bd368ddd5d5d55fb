import { randomUUID } from 'node:crypto';
import type { Config } from '../config/index.ts';
import { type ErrorEvent, fingerprintOf, type ServiceName } from '../contracts/index.ts';
import { defineError, type ServiceError, toServiceError } from '../errors/index.ts';
import { insideSpan, keepTrace, type Logger, type Metrics } from '../telemetry/index.ts';
import { composeErrorEvent } from './compose-error-event.ts';
import { countError } from './count-error.ts';
import type { ErrorCircumstances } from './service-context.ts';

export interface ErrorReporterOptions {
  readonly service: ServiceName;
  readonly instanceId: string;
  readonly version: string;
  readonly now: () => number;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'inc'>;
  readonly details: () => Config['logging']['errors'];
  readonly publish: (event: ErrorEvent) => void;
}

const LOG_METHOD = { CRITICAL: 'critical', ERROR: 'error', WARNING: 'warning', INFO: 'info', DEBUG: 'debug' } as const;
const BREADCRUMBS = 20;

/** One failure, logged, counted and published at once. Never throws: it is called where things already fail. */
export function createErrorReporter(options: ErrorReporterOptions) {
  const { service, instanceId, version, logger, metrics } = options;
  const breadcrumbs: string[] = [];

  const leaveBreadcrumb = (event: ErrorEvent) => {
    breadcrumbs.push(`${event.occurredAt} ${fingerprintOf(event)}: ${event.message}`.slice(0, 300));
    if (breadcrumbs.length > BREADCRUMBS) breadcrumbs.shift();
  };
  const publish = (event: ErrorEvent) => {
    try {
      options.publish(event);
    } catch (error) {
      logger.critical('Error event not published', { context: { error_id: event.id }, err: error });
    }
  };
  const report = (failure: ServiceError, circumstances: ErrorCircumstances): ErrorEvent => {
    keepTrace();
    const occurredAt = new Date(options.now()).toISOString();
    const event = composeErrorEvent(
      failure,
      circumstances,
      { id: randomUUID(), service, instanceId, version, occurredAt },
      { details: options.details(), breadcrumbs },
    );
    leaveBreadcrumb(event);
    const { code, subject } = event;
    logger[LOG_METHOD[defineError(code).severity]](event.message, {
      error_code: code,
      context: { ...event.context, error_id: event.id, ...(subject === undefined ? {} : { subject }) },
      ...(event.userId === undefined ? {} : { user_id: event.userId }),
      ...(failure.cause === undefined ? {} : { err: failure.cause }),
    });
    countError(metrics, failure.code);
    publish(event);
    return event;
  };
  // Also what fails outside of any request begins a trace: it is followed to the verified recovery.
  return (error: unknown, circumstances: ErrorCircumstances = {}): ErrorEvent => {
    const failure = toServiceError(error);
    return insideSpan(`${service}.error`, { 'error.type': failure.code }, () => report(failure, circumstances));
  };
}
