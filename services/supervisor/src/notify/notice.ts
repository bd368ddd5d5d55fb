import {
  type Incident,
  type IncidentStep,
  isAtLeast,
  type NoticeKind,
  type NoticeRecord,
} from '@understudy/shared/contracts';
import { type PolicyName, policyOf } from './policies.ts';

/** What is to be told, before it is decided whether and where. */
export interface Notice
  extends Pick<NoticeRecord, 'kind' | 'name' | 'severity' | 'incidentId' | 'text' | 'toldBy' | 'key' | 'thread'> {
  readonly policy?: PolicyName;
}

const KINDS: Partial<Record<IncidentStep['type'], NoticeKind>> = {
  opened: 'opened',
  severity_raised: 'raised',
  reopened: 'reopened',
  degraded: 'degraded',
  resolved: 'resolved',
};

const sentence: Record<NoticeKind, (incident: Incident) => string> = {
  opened: (incident) =>
    `${incident.summary} Understudy recovers by ${incident.strategy}. What to do: ${incident.remedy}`,
  raised: (incident) => `now ${incident.severity}: ${incident.summary} What to do: ${incident.remedy}`,
  reopened: (incident) => `came back. What to do: ${incident.remedy}`,
  degraded: (incident) => `goes on by ${incident.degradedBy ?? 'less'}. What to do: ${incident.remedy}`,
  firing: (incident) => `goes on: ${incident.summary} What to do: ${incident.remedy}`,
  resolved: () => 'recovered, and a probe proved it.',
};

/** Is this worth a notice at all? */
export const isWorthTelling = ({ severity, needsOperator }: Pick<Incident, 'severity' | 'needsOperator'>): boolean =>
  isAtLeast(severity, 'WARNING') || needsOperator;

/** What the supervisor says of an incident by itself, in one line. */
export function directNotice(incident: Incident, kind: NoticeKind): Notice {
  const policy = policyOf(incident);
  return {
    kind,
    name: incident.code,
    severity: incident.severity,
    incidentId: incident.id,
    text: `${incident.code} at ${incident.service}: ${sentence[kind](incident)}`,
    toldBy: 'supervisor',
    key: `${incident.fingerprint}/${kind}/${incident.severity}${kind === 'degraded' ? `/${incident.degradedBy}` : ''}`,
    thread: incident.id,
    ...(policy ? { policy } : {}),
  };
}

/** Pure: what is to be told of a step; most steps are only recorded. */
export function noticeOf(incident: Incident, step: IncidentStep): Notice | undefined {
  const kind = KINDS[step.type];
  return kind && isWorthTelling(incident) ? directNotice(incident, kind) : undefined;
}

/** `understudy notify-test` where no Alertmanager is. @param now epoch milliseconds; every test is told */
export const testNotice = (now: number): Notice => ({
  kind: 'firing',
  name: 'NotifyTest',
  severity: 'INFO',
  text: 'NotifyTest: this is a test of Understudy\u2019s notices; nothing broke.',
  toldBy: 'supervisor',
  key: `notify-test/${now}`,
  thread: `notify-test/${now}`,
});
