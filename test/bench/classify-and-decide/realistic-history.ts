import {
  CAPABILITIES,
  type ErrorEvent,
  type Incident,
  SERVICE_NAMES,
  SUPERVISED_SERVICES,
} from '@understudy/shared/contracts';
import { ERROR_TABLE } from '@understudy/shared/errors';
import { createHistoryIndex } from '../../../services/supervisor/src/record/history-index.ts';
import { makeEvent, T0 } from '../../../services/supervisor/src/testing/error-events.ts';
import { openIncident } from '../../../services/supervisor/src/testing/incidents.ts';

const CODES = Object.keys(ERROR_TABLE);
const MINUTE_MS = 60_000;

/** The supervisor keeps as many in memory (`KEPT_RESOLVED`). */
const RESOLVED = 1000;
const SUBJECTS = 20;

const codeAt = (index: number): string => CODES[index % CODES.length] ?? 'UNEXPECTED_ERROR';
const openOrNothing = (code: string, own: Partial<ErrorEvent>, at: number): Incident[] => {
  try {
    return [openIncident(code, own, at)];
  } catch {
    // A code that is no outage opens none.
    return [];
  }
};

/** A bot that has played for months and has a bad hour: a thousand healed incidents, one open for each capability and each service. */
export function realisticHistory() {
  const index = createHistoryIndex();
  for (let number = 0; number < RESOLVED; number += 1) {
    const at = T0 - number * 10 * MINUTE_MS;
    const subject = `subject-${number % SUBJECTS}`;
    for (const incident of openOrNothing(codeAt(number), { subject }, at)) {
      index.update({ ...incident, state: 'resolved', resolvedAt: new Date(at + MINUTE_MS).toISOString() });
      index.noteOccurrence({ service: incident.service, code: incident.code, subject }, at);
    }
  }
  const open = [
    ...CAPABILITIES.flatMap((capability) =>
      openOrNothing(codeAt(CAPABILITIES.indexOf(capability)), { capability }, T0),
    ),
    ...SERVICE_NAMES.flatMap((service) => openOrNothing('EVENT_LOOP_LATE', { service }, T0)),
  ];
  for (const incident of open) index.update(incident);
  return { history: index.history, open };
}

/**
 * What arrives in an outage: mostly the open failures again, some that were healed lately, some never seen.
 * @param count how many different events
 */
export function realisticEvents(open: readonly Incident[], count: number): ErrorEvent[] {
  return Array.from({ length: count }, (_, number) => {
    const incident = open[number % open.length];
    if (incident && number % 10 < 6) return makeEvent(incident.code, { service: incident.service });
    if (number % 10 < 8) return makeEvent(codeAt(number), { subject: `subject-${number % SUBJECTS}` });
    const service = SUPERVISED_SERVICES[number % SUPERVISED_SERVICES.length] ?? 'llm-service';
    return makeEvent(codeAt(number), { service, subject: `new-${number}` });
  });
}
