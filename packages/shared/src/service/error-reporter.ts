import { randomUUID } from 'node:crypto';
import { type ErrorEvent, fingerprintOf, type ServiceName } from '../contracts/index.ts';
import { defineError, type ServiceError, toServiceError } from '../errors/index.ts';
import { insideSpan, type Logger, type Metrics, redactText, severityLabel } from '../telemetry/index.ts';
import type { ErrorCircumstances } from './service-context.ts';

export interface ErrorReporterOptions {
  readonly service: ServiceName;
  readonly instanceId: string;
  readonly version: string;
  readonly now: () => number;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'inc'>;
  readonly includeStack: () => boolean;
  readonly publish: (event: ErrorEvent) => void;
}

const LOG_METHOD = { CRITICAL: 'critical', ERROR: 'error', WARNING: 'warning', INFO: 'info', DEBUG: 'debug' } as const;
const BREADCRUMBS = 20;

/** One failure, logged, counted and published at once. Never throws: it is called where things already fail. */
export function createErrorReporter(options: ErrorReporterOptions) {
  const breadcrumbs: string[] = [];
  const report = (failure: ServiceError, circumstances: ErrorCircumstances): ErrorEvent => {
    const { subject, capability, context, retryAfterMs } = failure.facts;
    const definition = defineError(failure.code);
    const message = redactText(failure.message).slice(0, 2000) || definition.summary;
    const stack = options.includeStack()
      ? ((failure.cause instanceof Error ? failure.cause.stack : failure.stack) ?? '')
      : '';
    const event: ErrorEvent = {
      id: randomUUID(),
      service: options.service,
      instanceId: options.instanceId,
      version: options.version,
      code: failure.code,
      message,
      occurredAt: new Date(options.now()).toISOString(),
      context: context ?? {},
      ...(subject === undefined ? {} : { subject }),
      ...(capability === undefined ? {} : { capability }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(stack === '' ? {} : { stack: redactText(stack).slice(0, 8000) }),
      ...(breadcrumbs.length === 0 ? {} : { breadcrumbs: [...breadcrumbs] }),
      ...circumstances,
    };
    breadcrumbs.push(`${event.occurredAt} ${fingerprintOf(event)}: ${message}`.slice(0, 300));
    if (breadcrumbs.length > BREADCRUMBS) breadcrumbs.shift();
    const { category, severity } = definition;
    options.logger[LOG_METHOD[severity]](message, {
      error_code: failure.code,
      context: { ...context, error_id: event.id, ...(subject === undefined ? {} : { subject }) },
      ...(circumstances.userId === undefined ? {} : { user_id: circumstances.userId }),
      ...(failure.cause === undefined ? {} : { err: failure.cause }),
    });
    options.metrics.inc('error_count', { type: category });
    options.metrics.inc('understudy_errors_total', { category, code: failure.code, severity: severityLabel(severity) });
    options.publish(event);
    return event;
  };
  return (error: unknown, circumstances: ErrorCircumstances = {}): ErrorEvent => {
    const failure = toServiceError(error);
    return insideSpan(`${options.service}.error`, { 'error.type': failure.code }, () => report(failure, circumstances));
  };
}
