import { type Incident, SEVERITIES, type Severity } from '@understudy/shared/contracts';
import type { Notice } from '../notice.ts';
import { isPolicy } from '../policies.ts';
import { INCIDENT_LABEL } from './alert.ts';
import type { Webhook, WebhookAlert } from './webhook-schema.ts';

/** `Watchdog` and its like: they fire for machines. */
const SAYS_NOTHING = 'none';

const severityOf = (label: string | undefined): Severity =>
  SEVERITIES.find((severity) => severity.toLowerCase() === label) ?? 'WARNING';

function textOf({ status, labels, annotations }: WebhookAlert, name: string): string {
  const of = labels['service'] ? ` at ${labels['service']}` : '';
  const { summary, description, done, remedy } = annotations;
  if (status === 'resolved') return `${name}${of}: over. ${done ?? summary ?? ''}`.trim();
  const what = description ?? summary ?? 'fires';
  return `${name}${of}: ${what}${remedy && !what.includes(remedy) ? ` What to do: ${remedy}` : ''}`;
}

function noticeOf(alert: WebhookAlert, incident: Incident | undefined): Notice {
  const { labels, status, fingerprint } = alert;
  const name = (labels['alertname'] ?? 'alert').slice(0, 200);
  const severity = severityOf(labels['severity']);
  const { policy } = labels;
  return {
    kind: status,
    name,
    severity,
    text: textOf(alert, name),
    toldBy: 'alertmanager',
    // A failure that comes back as another incident is still the same to who is told.
    key: `${incident?.fingerprint ?? fingerprint}/${status}/${severity}`,
    thread: incident?.id ?? fingerprint,
    ...(incident ? { incidentId: incident.id } : {}),
    ...(isPolicy(policy) ? { policy } : {}),
  };
}

/** Pure: what of a webhook is to be told. An incident that somebody acknowledged is not told again while it goes on. */
export function webhookNotices({ alerts }: Webhook, find: (incidentId: string) => Incident | undefined): Notice[] {
  return alerts.flatMap((alert) => {
    if (alert.labels['severity'] === SAYS_NOTHING) return [];
    const incident = find(alert.labels[INCIDENT_LABEL] ?? '');
    if (alert.status === 'firing' && incident?.acknowledged) return [];
    return [noticeOf(alert, incident)];
  });
}
