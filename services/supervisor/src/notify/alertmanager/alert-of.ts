import type { Incident, Limit } from '@understudy/shared/contracts';
import { redactText, severityLabel } from '@understudy/shared/telemetry';
import { policyOf } from '../policies.ts';
import { type Alert, INCIDENT_LABEL } from './alert.ts';
import { asSentence, tellDone, tellWorks } from './incident-words.ts';

export interface AlertSurroundings {
  /** What holds of the mode now. */
  readonly limits: readonly Limit[];
  /** Where an operator reaches this supervisor, http://HOST:PORT. */
  readonly origin: string;
  /** Where runbooks are read; pages are BASE/NAME. */
  readonly runbooks: string;
}

/** The alert of an incident, without its end. The labels follow from what never changes of an incident, and its severity. */
export function alertOf(incident: Incident, { limits, origin, runbooks }: AlertSurroundings): Omit<Alert, 'endsAt'> {
  const { id, code, category, severity, service, subject, remedy } = incident;
  const summary = asSentence(incident.summary);
  const policy = policyOf(incident);
  const works = tellWorks(incident, limits);
  const done = tellDone(incident);
  const annotations = {
    summary: `${code} at ${subject === undefined ? service : `${service} (${subject})`}: ${summary}`,
    works,
    done,
    remedy,
    description: `${summary} What still works: ${works} What Understudy did: ${done} What to do: ${remedy}`,
    runbook_url: `${runbooks}/incidents`,
  };
  return {
    labels: {
      alertname: code,
      [INCIDENT_LABEL]: id,
      category,
      severity: severityLabel(severity),
      service,
      ...(policy ? { policy } : {}),
    },
    // It leaves this machine.
    annotations: Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, redactText(text)])),
    startsAt: incident.currentSince,
    generatorURL: `${origin}/v1/incidents/${id}`,
  };
}
