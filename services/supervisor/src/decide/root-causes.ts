import type { ClassifiedError } from '../classify/classify-error.ts';
import type { IncidentSummary } from '../classify/history.ts';

/**
 * Failures whose open incident explains others: one outage is one incident, not five.
 * `explains` says which errors are only its symptoms.
 */
interface RootCause {
  readonly codes: ReadonlySet<string>;
  readonly explains: (error: ClassifiedError, root: IncidentSummary) => boolean;
}

const BUS_SYMPTOMS = new Set(['SERVICE_SILENT', 'SERVICE_UNREACHABLE', 'TURN_UNANSWERED', 'SUPERVISOR_SILENT']);

export const ROOT_CAUSES: readonly RootCause[] = [
  { codes: new Set(['BUS_UNAVAILABLE']), explains: (error) => BUS_SYMPTOMS.has(error.event.code) },
  {
    codes: new Set(['SERVICE_SILENT', 'SERVICE_CRASH_LOOP']),
    explains: (error, root) => error.event.service === root.service && !root.fingerprint.endsWith(error.event.code),
  },
];

const explains = (error: ClassifiedError, incident: IncidentSummary): boolean =>
  ROOT_CAUSES.some((root) => root.codes.has(incident.code) && root.explains(error, incident));

export const findRootCause = (
  error: ClassifiedError,
  open: Iterable<readonly IncidentSummary[]>,
): IncidentSummary | undefined => {
  for (const incidents of open) {
    const root = incidents.find((incident) => explains(error, incident));
    if (root) return root;
  }
  return undefined;
};
