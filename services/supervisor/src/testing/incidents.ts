import type { ErrorEvent, Incident, IncidentStep } from '@understudy/shared/contracts';
import { classifyError } from '../classify/classify-error.ts';
import { EMPTY_HISTORY } from '../classify/history.ts';
import { decideRecovery } from '../decide/decide-recovery.ts';
import { foldIncident } from '../record/fold-incident.ts';
import { stepsOf } from '../record/record-decision.ts';
import { makeEvent, T0 } from './error-events.ts';

export function foldKnown(incident: Incident, steps: readonly IncidentStep[]): Incident {
  const folded = foldIncident(incident, steps);
  if (!folded) throw new Error('a known incident folds to an incident');
  return folded;
}

/** The incident that this error opens, made by the real classify, decide and record. */
export function openIncident(code: string, own: Partial<ErrorEvent> = {}, now = T0): Incident {
  const error = classifyError(makeEvent(code, own), EMPTY_HISTORY, now);
  const decision = decideRecovery(error, EMPTY_HISTORY, { reopenWithinMs: 0 }, now);
  const opened = foldIncident(undefined, stepsOf(error, decision, undefined, now)?.steps ?? []);
  if (!opened) throw new Error(`${code} opens no incident: ${decision.reason}`);
  return opened;
}

export function joinIncident(incident: Incident, code: string, own: Partial<ErrorEvent> = {}, now = T0): Incident {
  const error = classifyError(makeEvent(code, own), EMPTY_HISTORY, now);
  const joined = stepsOf(error, { type: 'join', incidentId: incident.id, reason: 'a test' }, incident, now);
  return foldKnown(incident, joined?.steps ?? []);
}
