import { subjectOf } from '@understudy/shared/contracts';
import type { ErrorCode } from '@understudy/shared/errors';
import type { IncidentSummary } from '../classify/history.ts';

/** What of an error or an incident says whether it is the cause of another. */
export type Failure = Readonly<Pick<IncidentSummary, 'code' | 'service' | 'fingerprint'>>;

interface Explanation {
  readonly codes: ReadonlySet<string>;
  readonly explains: (symptom: Failure, root: Failure) => boolean;
}

const codes = (...names: ErrorCode[]): ReadonlySet<string> => new Set<string>(names);

const BUS_SYMPTOMS = codes('SERVICE_SILENT', 'SERVICE_UNREACHABLE', 'TURN_UNANSWERED', 'SUPERVISOR_SILENT');
const DEVICES_OF_A_SERVER = codes('AUDIO_DEVICE_LOST', 'AUDIO_OUTPUT_LOST', 'AUDIO_NO_DEVICE');

/** Failures whose open incident takes others in: one outage is one incident, not five. What it explains are only its symptoms. */
export const ROOT_CAUSES: readonly Explanation[] = [
  { codes: codes('BUS_UNAVAILABLE'), explains: (symptom) => BUS_SYMPTOMS.has(symptom.code) },
  {
    codes: codes('SERVICE_SILENT', 'SERVICE_CRASH_LOOP'),
    explains: (symptom, root) => symptom.service === root.service && !root.fingerprint.endsWith(symptom.code),
  },
  // All read the operator's one file: a wrong line is told once, and each proves for itself that it has taken the corrected one.
  {
    codes: codes('CONFIGURATION_INVALID'),
    explains: (symptom, root) =>
      symptom.service !== root.service &&
      symptom.code === root.code &&
      subjectOf(symptom.fingerprint) === subjectOf(root.fingerprint),
  },
];

/** What they explain has an incident of its own, since it has a recovery of its own: another device may be of another server. */
const CAUSES_BESIDE: readonly Explanation[] = [
  {
    codes: codes('AUDIO_SERVER_LOST'),
    explains: (symptom, root) => symptom.service === root.service && DEVICES_OF_A_SERVER.has(symptom.code),
  },
];

const isExplained = (symptom: Failure, root: Failure, by: readonly Explanation[]): boolean =>
  by.some((cause) => cause.codes.has(root.code) && cause.explains(symptom, root));

/** Is the one the other's doing? Of two that are open at the same time, whichever came first. */
export const isConsequence = (symptom: Failure, root: Failure): boolean =>
  isExplained(symptom, root, [...ROOT_CAUSES, ...CAUSES_BESIDE]);

export const findRootCause = (
  symptom: Failure,
  open: Iterable<readonly IncidentSummary[]>,
): IncidentSummary | undefined => {
  for (const incidents of open) {
    const root = incidents.find((incident) => isExplained(symptom, incident, ROOT_CAUSES));
    if (root) return root;
  }
  return undefined;
};
