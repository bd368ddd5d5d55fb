import {
  type Capability,
  type Incident,
  type ProbeName,
  type ProbeSpec,
  SERVICE_NAMES,
  type ServiceName,
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
  readonly needsOperator: boolean;
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

function causeOf(fingerprint: string, root: Incident, capability: Capability | undefined): Cause {
  const [service = '', code = ''] = fingerprint.split('/');
  const { strategy, probe, cause } = defineError(code);
  return {
    fingerprint,
    service: SERVICE_NAMES.find((name) => name === service) ?? root.service,
    code,
    subject: subjectOf(fingerprint),
    capability,
    strategy,
    probe,
    needsOperator: cause === 'needs_operator',
  };
}

/** The root first; then what joined it and is still configured. */
export const causesOf = (incident: Incident): [Cause, ...Cause[]] => [
  causeOf(incident.fingerprint, incident, incident.capability),
  ...incident.members
    .map(({ fingerprint, capability }) => causeOf(fingerprint, incident, capability))
    .filter((cause) => foundGone(incident, probeOf(cause)) === undefined),
];

/** Causes of one kind are treated together; each subject has its own proof, unless another can take its place. */
export const isSameKind = (a: Cause, b: Cause): boolean =>
  a.service === b.service && a.strategy === b.strategy && a.probe === b.probe;

/** An incident has one recovery at a time: that of its root, unless the root stands on something that broke as well. */
export function treatedCause(incident: Incident): Cause {
  const [root, ...members] = causesOf(incident);
  return members.find((member) => member.service === root.service && member.probe === STANDS_ON[root.probe]) ?? root;
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
