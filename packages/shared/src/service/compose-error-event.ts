import type { Config } from '../config/index.ts';
import type { ErrorEvent } from '../contracts/index.ts';
import { defineError, type ServiceError } from '../errors/index.ts';
import { redactText } from '../telemetry/index.ts';
import { boundedFacts } from './bounded-facts.ts';
import type { ErrorCircumstances } from './service-context.ts';

/** The lengths of ErrorEventSchema, and how long a suggested wait may be. */
const MAX_MESSAGE = 2000;
const MAX_STACK = 8000;
const MAX_NAME = 120;
const DAY_MS = 86_400_000;

export type EventOrigin = Pick<ErrorEvent, 'id' | 'service' | 'instanceId' | 'version' | 'occurredAt'>;

export interface EventExtras {
  readonly details: Config['logging']['errors'];
  readonly breadcrumbs: readonly string[];
}

const stackOf = (failure: ServiceError): string => {
  const { cause } = failure;
  return redactText((cause instanceof Error ? cause.stack : failure.stack) ?? '').slice(0, MAX_STACK);
};

/** The event of one failure: redacted, and cut to what its schema takes; an event that intake rejects is a lost one. */
export function composeErrorEvent(
  failure: ServiceError,
  circumstances: ErrorCircumstances,
  origin: EventOrigin,
  extras: EventExtras,
): ErrorEvent {
  const { subject, capability, context = {}, retryAfterMs } = failure.facts;
  const { turnId, sessionId, userId, performanceData } = circumstances;
  const stack = extras.details.include_stack_trace ? stackOf(failure) : '';
  return {
    ...origin,
    code: failure.code,
    message: redactText(failure.message).slice(0, MAX_MESSAGE) || defineError(failure.code).summary,
    context: extras.details.detailed_context ? boundedFacts(context) : {},
    ...(subject ? { subject: redactText(subject).slice(0, MAX_NAME) } : {}),
    ...(capability === undefined ? {} : { capability }),
    ...(Number.isFinite(retryAfterMs) ? { retryAfterMs: Math.min(Math.max(retryAfterMs ?? 0, 0), DAY_MS) } : {}),
    ...(stack === '' ? {} : { stack }),
    ...(extras.breadcrumbs.length === 0 ? {} : { breadcrumbs: [...extras.breadcrumbs] }),
    ...(turnId === undefined ? {} : { turnId }),
    ...(sessionId === undefined ? {} : { sessionId: sessionId.slice(0, MAX_NAME) }),
    ...(userId === undefined ? {} : { userId: userId.slice(0, MAX_NAME) }),
    ...(performanceData === undefined ? {} : { performanceData: boundedFacts(performanceData) }),
  };
}
