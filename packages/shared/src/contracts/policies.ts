import type { CategoryName } from './categories.ts';
import type { Severity } from './severity.ts';

/** The user's four alerts (user-plan.md): each has channels and thresholds of its own. */
export const POLICIES = [
  'critical_errors',
  'performance_degradation',
  'resource_usage',
  'external_service_failure',
] as const;
export type Policy = (typeof POLICIES)[number];

/** A label may hold anything. */
export const isPolicy = (name: string | undefined): name is Policy => POLICIES.some((policy) => policy === name);

const POLICY_BY_CATEGORY: ReadonlyMap<string, Policy> = new Map<CategoryName, Policy>([
  ['MEMORY_EXHAUSTION', 'resource_usage'],
  ['PERFORMANCE_ERROR', 'performance_degradation'],
  ['OSC_CONNECTION_ERROR', 'external_service_failure'],
  ['LLM_API_ERROR', 'external_service_failure'],
  ['SPEECH_IN_ERROR', 'external_service_failure'],
  ['SPEECH_OUT_ERROR', 'external_service_failure'],
  ['STREAM_PEER_ERROR', 'external_service_failure'],
]);

/** Which of the four an incident meets. */
export const policyOf = ({
  severity,
  category,
}: {
  readonly severity: Severity;
  readonly category: string;
}): Policy | undefined => (severity === 'CRITICAL' ? 'critical_errors' : POLICY_BY_CATEGORY.get(category));
