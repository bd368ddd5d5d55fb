import { type Incident, policyOf } from '@understudy/shared/contracts';
import { type Metrics, severityLabel } from '@understudy/shared/telemetry';

const labelsOf = ({ id, code, category, service, subject = '', severity, state, summary, remedy }: Incident) => ({
  incident_id: id,
  code,
  of: service,
  subject,
  severity: severityLabel(severity),
  policy: policyOf({ severity, category }) ?? ('' as const),
  state,
  summary,
  remedy,
});

/** The incidents that are not resolved, as numbers and one by one; to be told again whenever one of them has changed. */
export function measureIncidents(metrics: Pick<Metrics, 'set' | 'replace'>, open: readonly Incident[]): void {
  const counts = { critical: 0, error: 0, warning: 0, info: 0, debug: 0 };
  for (const { severity } of open) counts[severityLabel(severity)] += 1;
  for (const [severity, count] of Object.entries(counts)) {
    metrics.set('understudy_incidents_open', { severity: severity as keyof typeof counts }, count);
  }
  metrics.replace(
    'understudy_incident_info',
    open.map((incident) => ({ labels: labelsOf(incident), value: Date.parse(incident.openedAt) / 1000 })),
  );
}
