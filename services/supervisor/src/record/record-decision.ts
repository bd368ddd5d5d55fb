import { randomUUID } from 'node:crypto';
import { type Incident, type IncidentStep, isAtLeast, type Severity } from '@understudy/shared/contracts';
import type { ClassifiedError } from '../classify/classify-error.ts';
import type { RecoveryDecision } from '../decide/decide-recovery.ts';
import { causesOf } from '../recover/causes.ts';
import { foldIncident } from './fold-incident.ts';

export interface NewSteps {
  readonly incidentId: string;
  readonly steps: readonly IncidentStep[];
}

/** The incident that a classified error opens. */
function newIncident(
  error: ClassifiedError,
  strategy: Incident['strategy'],
  at: string,
  traceparent: string | undefined,
): Incident {
  const { event } = error;
  return {
    id: randomUUID(),
    code: event.code,
    category: error.category,
    severity: error.severity,
    cause: error.cause,
    service: event.service,
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    ...(error.capability === undefined ? {} : { capability: error.capability }),
    probe: error.probe,
    strategy,
    state: 'open',
    acknowledged: false,
    regressed: false,
    needsOperator: error.needsOperator,
    fingerprint: error.fingerprint,
    members: [],
    errorIds: [event.id],
    occurrences: 1,
    summary: summaryOf(error),
    remedy: error.remedy,
    userMessage: error.userMessage,
    openedAt: at,
    currentSince: at,
    updatedAt: at,
    ...(event.retryAfterMs === undefined ? {} : { retryAfterMs: event.retryAfterMs }),
    ceilings: {},
    essential: false,
    parked: false,
    attempts: [],
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** What a step tells of its report. */
const reportOf = (error: ClassifiedError) => {
  const { retryAfterMs } = error.event;
  return { summary: summaryOf(error), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};

const summaryOf = ({ summary, event }: ClassifiedError): string =>
  summary === event.message ? summary : `${summary} ${event.message}`.slice(0, 1000);

/** The same failure with another reason: another line of the configuration, say. */
const isNews = (error: ClassifiedError, known: Incident | undefined): boolean =>
  known !== undefined &&
  causesOf(known).some(
    ({ fingerprint, summary }) =>
      fingerprint === error.fingerprint && summary !== undefined && summary !== summaryOf(error),
  );
const anew = (error: ClassifiedError) => ({ fingerprint: error.fingerprint, ...reportOf(error) });

const raised = (from: Severity, to: Severity, at: string): IncidentStep[] =>
  from !== to && isAtLeast(to, from) ? [{ type: 'severity_raised', at, from, to }] : [];

/**
 * What a decision writes.
 * @param known the incident that `repeat`, `join` and `reopen` name
 * @returns nothing for what is only counted
 */
export function stepsOf(
  error: ClassifiedError,
  decision: RecoveryDecision,
  known: Incident | undefined,
  nowMs: number,
  traceparent?: string,
): NewSteps | undefined {
  const at = new Date(nowMs).toISOString();
  const { event } = error;
  const decided = (strategy: Incident['strategy']): IncidentStep => ({
    type: 'decided',
    at,
    strategy,
    reason: decision.reason,
  });
  switch (decision.type) {
    case 'record_only':
      return undefined;
    case 'open': {
      const incident = newIncident(error, decision.strategy, at, traceparent);
      return {
        incidentId: incident.id,
        steps: [{ type: 'opened', at, incident, errorId: event.id }, decided(decision.strategy)],
      };
    }
    case 'repeat':
      return {
        incidentId: decision.incidentId,
        steps: [{ type: 'occurred', at, errorId: event.id, ...(isNews(error, known) ? anew(error) : {}) }],
      };
    case 'reopen':
      return {
        incidentId: decision.incidentId,
        steps: [{ type: 'reopened', at, errorId: event.id, ...reportOf(error) }, decided(decision.strategy)],
      };
    case 'join': {
      const joined: IncidentStep = {
        type: 'joined',
        at,
        errorId: event.id,
        fingerprint: error.fingerprint,
        code: event.code,
        severity: error.severity,
        needsOperator: error.needsOperator,
        ...(error.capability === undefined ? {} : { capability: error.capability }),
        ...reportOf(error),
      };
      const strategy = foldIncident(known, [joined])?.strategy ?? error.strategy;
      const raises = raised(known?.severity ?? error.severity, error.severity, at);
      return { incidentId: decision.incidentId, steps: [joined, decided(strategy), ...raises] };
    }
    default:
      return decision satisfies never;
  }
}
