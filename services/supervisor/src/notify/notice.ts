import type { Config } from '@understudy/shared/config';
import { type Incident, type IncidentStep, isAtLeast } from '@understudy/shared/contracts';

export type PolicyName = keyof Config['alerts'];
export type NoticeKind = 'opened' | 'raised' | 'reopened' | 'degraded' | 'resolved';

export interface Notice {
  readonly kind: NoticeKind;
  readonly incident: Incident;
  /** Throttled by it: a failure and its kind, not only its type. */
  readonly key: string;
  readonly policy: PolicyName | undefined;
  readonly text: string;
}

const POLICY_BY_CATEGORY: Partial<Record<string, PolicyName>> = {
  MEMORY_EXHAUSTION: 'resource_usage',
  PERFORMANCE_ERROR: 'performance_degradation',
  OSC_CONNECTION_ERROR: 'external_service_failure',
  LLM_API_ERROR: 'external_service_failure',
  SPEECH_IN_ERROR: 'external_service_failure',
  SPEECH_OUT_ERROR: 'external_service_failure',
  STREAM_PEER_ERROR: 'external_service_failure',
};

/** Which of the user's four alerts an incident meets. */
export const policyOf = (incident: Pick<Incident, 'severity' | 'category'>): PolicyName | undefined =>
  incident.severity === 'CRITICAL' ? 'critical_errors' : POLICY_BY_CATEGORY[incident.category];

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
  resolved: () => 'recovered, and a probe proved it.',
};

/** Pure: what is to be told of a step; most steps are only recorded. */
export function noticeOf(incident: Incident, step: IncidentStep): Notice | undefined {
  const kind = KINDS[step.type];
  if (!kind || (!isAtLeast(incident.severity, 'WARNING') && !incident.needsOperator)) return undefined;
  return {
    kind,
    incident,
    key: `${incident.fingerprint}/${kind}/${incident.severity}${kind === 'degraded' ? `/${incident.degradedBy}` : ''}`,
    policy: policyOf(incident),
    text: `${incident.code} at ${incident.service}: ${sentence[kind](incident)}`,
  };
}
