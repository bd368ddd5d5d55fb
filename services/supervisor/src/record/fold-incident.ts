import { type Attempt, type Incident, type IncidentStep, worseOf } from '@understudy/shared/contracts';
import { defineError } from '@understudy/shared/errors';
import { causesOf, isSameKind, treatedCause } from '../recover/causes.ts';

const MAX_ERROR_IDS = 100;
const MAX_ATTEMPTS = 60;

type Step<T extends IncidentStep['type']> = Extract<IncidentStep, { type: T }>;

const lastOf = <T>(items: readonly T[], most: number): T[] => items.slice(-most);
const withError = (incident: Incident, errorId: string): string[] =>
  lastOf([...incident.errorIds, errorId], MAX_ERROR_IDS);

/** Later than the round before and than every attempt of it, so that none of them counts in the new one. ISO times compare as text. */
function roundStart({ attempts, currentSince }: Incident, at: string): string {
  const before = Math.max(
    ...[currentSince, ...attempts.map(({ startedAt }) => startedAt)].map((time) => Date.parse(time)),
  );
  return new Date(Math.max(Date.parse(at), before + 1)).toISOString();
}

/** Everything that describes the present round; a new round begins without it. */
function freshRound(incident: Incident, at: string): Incident {
  const { degradedBy: _by, resolvedAt: _resolved, ...rest } = incident;
  const currentSince = roundStart(incident, at);
  const { nextAttemptAt, ...unparked } = {
    ...rest,
    state: 'recovering' as const,
    currentSince,
    ceilings: {},
    essential: false,
  };
  const isParked = incident.parked && nextAttemptAt !== undefined && at < nextAttemptAt;
  return isParked ? { ...unparked, parked: true, nextAttemptAt } : { ...unparked, parked: false };
}

const withAttempt = (incident: Incident, attempt: Attempt): Incident => {
  const index = incident.attempts.findIndex(({ commandId }) => commandId === attempt.commandId);
  const attempts = index < 0 ? [...incident.attempts, attempt] : incident.attempts.with(index, attempt);
  return { ...incident, attempts: lastOf(attempts, MAX_ATTEMPTS) };
};

type Telling = Pick<Incident, 'summary' | 'remedy' | 'userMessage'>;

function tell(code: string, happened: string | undefined): Telling {
  const { summary, remedy, userMessage } = defineError(code);
  return { summary: happened ?? summary, remedy, userMessage };
}

/** What the operator reads follows the cause that presses most, and tells its newest failure; the code, an alert's name, stays. */
function tellingOf({ severity, needsOperator, fingerprint, ...before }: Incident, step: Step<'joined'>): Telling {
  const presses = worseOf(severity, step.severity) !== severity || (step.needsOperator && !needsOperator);
  const pressesLess = step.severity !== severity || step.needsOperator !== needsOperator;
  if (presses || (step.fingerprint === fingerprint && !pressesLess)) return tell(step.code, step.summary);
  const { summary, remedy, userMessage } = before;
  return { summary, remedy, userMessage };
}

function join(incident: Incident, step: Step<'joined'>): Incident {
  const isKnown = [incident, ...incident.members].some(({ fingerprint }) => fingerprint === step.fingerprint);
  const member = { fingerprint: step.fingerprint, ...(step.capability ? { capability: step.capability } : {}) };
  const joined: Incident = {
    ...incident,
    ...tellingOf(incident, step),
    members: isKnown ? incident.members : [...incident.members, member],
    errorIds: withError(incident, step.errorId),
    occurrences: incident.occurrences + 1,
    needsOperator: incident.needsOperator || step.needsOperator,
  };
  const [before, now] = [treatedCause(incident), treatedCause(joined)];
  const newcomer = causesOf(joined).find(({ fingerprint }) => fingerprint === step.fingerprint) ?? now;
  // A symptom waits until its root is recovered; whatever changes what is treated begins a new round.
  const isTreated = isSameKind(newcomer, now) || !isSameKind(before, now);
  return { ...(isTreated ? freshRound(joined, step.at) : joined), strategy: now.strategy };
}

function apply(incident: Incident, step: IncidentStep): Incident {
  switch (step.type) {
    case 'opened':
    case 'snapshot':
      return step.incident;
    case 'occurred':
      return { ...incident, occurrences: incident.occurrences + 1, errorIds: withError(incident, step.errorId) };
    case 'joined':
      return join(incident, step);
    case 'decided':
      return { ...incident, strategy: step.strategy };
    case 'attempt_started': {
      const started = withAttempt(incident, step.attempt);
      const state = incident.state === 'degraded' ? 'degraded' : 'recovering';
      return { ...started, state, ...(step.attempt.lifts ? { ceilings: {}, essential: false } : {}) };
    }
    case 'attempt_finished': {
      const finished = withAttempt(incident, step.attempt);
      return step.attempt.verified ? { ...finished, verifiedAt: incident.verifiedAt ?? step.at } : finished;
    }
    case 'degraded':
      return {
        ...incident,
        state: 'degraded',
        degradedBy: step.by,
        ceilings: step.ceilings,
        essential: step.essential,
      };
    case 'escalated':
    case 'noticed':
      return incident;
    case 'severity_raised':
      return { ...incident, severity: worseOf(incident.severity, step.to) };
    case 'parked':
      return { ...incident, parked: true, nextAttemptAt: step.until };
    case 'resumed': {
      const { nextAttemptAt: _next, ...rest } = incident;
      return { ...rest, parked: false };
    }
    case 'resolved': {
      const { degradedBy: _by, nextAttemptAt: _next, ...rest } = incident;
      return {
        ...rest,
        state: 'resolved',
        resolvedAt: step.at,
        ...(step.gone ? {} : { verifiedAt: incident.verifiedAt ?? step.at }),
        ceilings: {},
        essential: false,
        parked: false,
      };
    }
    case 'reopened': {
      const { verifiedAt: _verified, ...rest } = freshRound(incident, step.at);
      return {
        ...rest,
        ...tell(incident.code, step.summary),
        // Only the root came back; its fellows of the last time come by themselves.
        members: [],
        needsOperator: defineError(incident.code).cause === 'needs_operator',
        regressed: true,
        acknowledged: false,
        occurrences: incident.occurrences + 1,
        errorIds: withError(incident, step.errorId),
      };
    }
    case 'acknowledged':
      return { ...incident, acknowledged: true };
    default:
      return step satisfies never;
  }
}

/** The fold of the stream. A step of an incident whose opening was never seen (expired) is passed over. */
export function foldIncident(incident: Incident | undefined, steps: readonly IncidentStep[]): Incident | undefined {
  return steps.reduce<Incident | undefined>((current, step) => {
    if (!current)
      return step.type === 'opened' || step.type === 'snapshot' ? { ...step.incident, updatedAt: step.at } : undefined;
    return { ...apply(current, step), updatedAt: step.at };
  }, incident);
}
