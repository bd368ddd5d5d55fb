import { type Attempt, type Incident, type IncidentStep, worseOf } from '@understudy/shared/contracts';
import { defineError } from '@understudy/shared/errors';
import { causesOf, isSameKind, pressingCause, toldCauses, treatedCause } from '../recover/causes.ts';

const MAX_ERROR_IDS = 100;
const MAX_ATTEMPTS = 60;
/** Characters; an incident's schema takes no more. */
const MAX_SUMMARY = 1000;

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

/** What the operator reads follows the cause that presses most; the code, an alert's name, stays. */
function tell(incident: Incident): Incident {
  const { fingerprint, code, subject, summary: own } = pressingCause(incident);
  const { summary, remedy, userMessage } = defineError(code);
  const happened = own ?? summary;
  const name = fingerprint === incident.fingerprint ? [] : [[code, subject].filter(Boolean).join(' ')];
  return {
    ...incident,
    summary: [...name, happened].join(': ').slice(0, MAX_SUMMARY),
    remedy,
    userMessage,
    needsOperator: toldCauses(incident).some(({ needsOperator }) => needsOperator),
  };
}

type Report = NonNullable<Incident['root']>;

const reportOf = ({ summary, retryAfterMs }: { summary?: string; retryAfterMs?: number }): Report => ({
  ...(summary === undefined ? {} : { summary }),
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

/** The opening, or a record of the whole; one of an older version holds the report of its root only here. */
const begin = (incident: Incident): Incident => ({ root: reportOf(incident), ...incident });

/** The probe's word about its subject ends each cause that it is the proof of, or says that it goes on. An attempt of an earlier round proves nothing. */
function judge(incident: Incident, { probe, verified, startedAt }: Attempt): Incident {
  if (probe?.subject === undefined || verified === undefined || startedAt < incident.currentSince) return incident;
  const about = new Set(
    causesOf(incident)
      .filter((cause) => cause.probe === probe.what && cause.subject === probe.subject)
      .map(({ fingerprint }) => fingerprint),
  );
  const { fingerprint, root, members } = incident;
  return {
    ...incident,
    ...(about.has(fingerprint) ? { root: { ...root, over: verified } } : {}),
    members: members.map((member) => (about.has(member.fingerprint) ? { ...member, over: verified } : member)),
  };
}

/** Another reason of a cause that is known. */
function hear(incident: Incident, step: Step<'occurred'>): Incident {
  const { fingerprint, summary } = step;
  if (fingerprint === undefined || summary === undefined) return incident;
  const report = reportOf(step);
  if (fingerprint === incident.fingerprint) return { ...incident, root: report };
  const members = incident.members.map((member) => {
    const { capability } = member;
    return member.fingerprint === fingerprint
      ? { fingerprint, ...(capability ? { capability } : {}), ...report }
      : member;
  });
  return { ...incident, members };
}

function join(incident: Incident, step: Step<'joined'>): Incident {
  const { fingerprint } = step;
  const report = reportOf(step);
  const index = incident.members.findIndex((known) => known.fingerprint === fingerprint);
  const { capability = step.capability } = incident.members[index] ?? {};
  const member = { fingerprint, ...(capability ? { capability } : {}), ...report };
  const members = index < 0 ? [...incident.members, member] : incident.members.with(index, member);
  const joined: Incident = {
    ...incident,
    ...(fingerprint === incident.fingerprint ? { root: report } : { members }),
    errorIds: withError(incident, step.errorId),
    occurrences: incident.occurrences + 1,
  };
  const [before, now] = [treatedCause(incident), treatedCause(joined)];
  const newcomer = causesOf(joined).find(({ fingerprint }) => fingerprint === step.fingerprint) ?? now;
  // A symptom waits until its root is recovered; whatever changes what is treated begins a new round.
  const isTreated = isSameKind(newcomer, now) || !isSameKind(before, now);
  return { ...(isTreated ? freshRound(joined, step.at) : joined), strategy: now.strategy };
}

function apply(incident: Incident, step: Exclude<IncidentStep, { incident: Incident }>): Incident {
  switch (step.type) {
    case 'occurred':
      return {
        ...hear(incident, step),
        occurrences: incident.occurrences + 1,
        errorIds: withError(incident, step.errorId),
      };
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
      const finished = judge(withAttempt(incident, step.attempt), step.attempt);
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
        root: reportOf(step),
        // Only the root came back; its fellows of the last time come by themselves.
        members: [],
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
    const folded = 'incident' in step ? begin(step.incident) : current && apply(current, step);
    return folded && { ...tell(folded), updatedAt: step.at };
  }, incident);
}
