import {
  type Capability,
  type Incident,
  type ProbeName,
  type ProbeSpec,
  SERVICE_NAMES,
  SEVERITY,
  type ServiceName,
  type Severity,
  type StrategyName,
  subjectOf,
} from '@understudy/shared/contracts';
import { defineError, type ErrorCode } from '@understudy/shared/errors';
import { foundGone, probeOf } from './attempts.ts';

/** One failure of an incident: its root, or one that joined it. */
export interface Cause {
  readonly fingerprint: string;
  readonly service: ServiceName;
  readonly code: string;
  readonly subject: string | undefined;
  readonly capability: Capability | undefined;
  readonly strategy: StrategyName;
  readonly probe: ProbeName;
  readonly severity: Severity;
  readonly needsOperator: boolean;
  /** Its own words; `undefined` where only the table's are known. */
  readonly summary: string | undefined;
  /** How long its server asked to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** A probe has proved since its last report that it works again; the incident is open for others. */
  readonly over: boolean;
}

export const CRASH_LOOP = 'SERVICE_CRASH_LOOP' satisfies ErrorCode;

/** What cannot be proved while something below it is broken: no frame without the child, no transcript without the microphone. */
const STANDS_ON: Partial<Record<ProbeName, ProbeName>> = {
  'frames-fresh': 'child-answers',
  'picture-visible': 'frames-fresh',
  detection: 'child-answers',
  transcription: 'input-frames',
  'input-quality': 'input-frames',
  speech: 'output-echo',
};

type Report = Omit<Incident['members'][number], 'fingerprint'>;

function causeOf(fingerprint: string, root: Incident, report: Report): Cause {
  const { capability, summary, retryAfterMs, over = false } = report;
  const [service = '', code = ''] = fingerprint.split('/');
  const { strategy, probe, severity, cause } = defineError(code);
  return {
    fingerprint,
    service: SERVICE_NAMES.find((name) => name === service) ?? root.service,
    code,
    subject: subjectOf(fingerprint),
    capability,
    strategy,
    probe,
    severity,
    needsOperator: cause === 'needs_operator',
    summary,
    retryAfterMs,
    over,
  };
}

/** The root first; then what joined it and is still configured. */
export const causesOf = (incident: Incident): [Cause, ...Cause[]] => [
  causeOf(incident.fingerprint, incident, {
    ...incident.root,
    ...(incident.capability ? { capability: incident.capability } : {}),
  }),
  ...incident.members
    .map(({ fingerprint, ...report }) => causeOf(fingerprint, incident, report))
    .filter((cause) => foundGone(incident, probeOf(cause)) === undefined),
];

/** What the incident tells of: the causes that are not over; once it is resolved, all of them. */
export function toldCauses(incident: Incident): [Cause, ...Cause[]] {
  const [root, ...members] = causesOf(incident);
  const [first, ...others] = incident.state === 'resolved' ? [] : [root, ...members].filter(({ over }) => !over);
  return first ? [first, ...others] : [root, ...members];
}

/** What waits for a person comes before all else, then what is worst. */
export const byUrgency = (
  a: Pick<Cause, 'needsOperator' | 'severity'>,
  b: Pick<Cause, 'needsOperator' | 'severity'>,
): number => Number(b.needsOperator) - Number(a.needsOperator) || SEVERITY[b.severity] - SEVERITY[a.severity];

/** The most urgent of them; of equals what is treated, then the root, then what joined first. */
export function pressingCause(incident: Incident): Cause {
  const { fingerprint } = treatedCause(incident);
  const told = toldCauses(incident);
  const treated = told.filter((cause) => cause.fingerprint === fingerprint);
  return [...treated, ...told].reduce((most, cause) => (byUrgency(most, cause) > 0 ? cause : most));
}

/** Causes of one kind are treated together; each subject has its own proof, unless another can take its place. */
export const isSameKind = (a: Cause, b: Cause): boolean =>
  a.service === b.service && a.strategy === b.strategy && a.probe === b.probe;

/** All that a probe stands on, the lowest last. */
function foundationsOf(probe: ProbeName): ProbeName[] {
  const below = STANDS_ON[probe];
  return below === undefined ? [] : [below, ...foundationsOf(below)];
}

/** An incident has one recovery at a time: that of its root, unless the root stands on something that broke as well; then the lowest is treated. */
export function treatedCause(incident: Incident): Cause {
  const [root, ...members] = causesOf(incident);
  const probes = foundationsOf(root.probe).reverse();
  const broken = probes.flatMap((probe) =>
    members.filter((member) => member.service === root.service && member.probe === probe),
  );
  return broken[0] ?? root;
}

/** All that the recovery under way treats. */
export function treatedCauses(incident: Incident): Cause[] {
  const treated = treatedCause(incident);
  return causesOf(incident).filter((cause) => isSameKind(cause, treated));
}

/** What the end of the recovery under way has proved nothing about; `provedBy` is the one probe that ended it. */
export function otherCauses(
  incident: Incident,
  { gone, provedBy }: { readonly gone?: boolean; readonly provedBy?: ProbeSpec | undefined },
): Cause[] {
  const [root, ...members] = causesOf(incident);
  // That the root is gone says nothing about those of its kind.
  if (gone) return members;
  const treated = treatedCause(incident);
  const isProved = (cause: Cause) =>
    isSameKind(cause, treated) && (provedBy === undefined || provedBy.subject === cause.subject);
  return [root, ...members].filter((cause) => !isProved(cause));
}
