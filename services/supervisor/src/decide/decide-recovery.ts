import { isAtLeast, type StrategyName } from '@understudy/shared/contracts';
import type { ClassifiedError } from '../classify/classify-error.ts';
import type { History, IncidentSummary } from '../classify/history.ts';
import { findRootCause } from './root-causes.ts';

/** What the supervisor will do about one error. Every `open`, `reopen` and `join` leads to exactly one running recovery. */
export type RecoveryDecision =
  | { readonly type: 'record_only'; readonly reason: string }
  | { readonly type: 'repeat'; readonly incidentId: string; readonly reason: string }
  | { readonly type: 'join'; readonly incidentId: string; readonly reason: string }
  | { readonly type: 'reopen'; readonly incidentId: string; readonly strategy: StrategyName; readonly reason: string }
  | { readonly type: 'open'; readonly strategy: StrategyName; readonly reason: string };

export interface DecisionPolicy {
  /** A resolved incident reopens when its root fingerprint comes back within this time. */
  readonly reopenWithinMs: number;
}

/** One capability has at most one recovery at a time; where none is concerned (memory, the process), one service and category. */
function findSibling(error: ClassifiedError, history: History): IncidentSummary | undefined {
  if (error.capability) return history.openByCapability.get(error.capability);
  const same = (incident: IncidentSummary) => !incident.capability && incident.category === error.category;
  return history.openByService.get(error.event.service)?.find(same);
}

/** More than a repetition: it was proved to work again and failed again, or it loops again after its parking ended. */
function isBack({ event, fingerprint }: ClassifiedError, open: IncidentSummary, now: number): boolean {
  const isParked = open.parkedUntilMs !== undefined && now < open.parkedUntilMs;
  return open.proved.has(fingerprint) || (event.code === 'SERVICE_CRASH_LOOP' && !isParked);
}

/** Pure. The order of the questions is the policy: noise, repetition, root cause, same capability, regression, new. */
export function decideRecovery(
  error: ClassifiedError,
  history: History,
  policy: DecisionPolicy,
  now: number,
): RecoveryDecision {
  if (error.cause === 'none' || !isAtLeast(error.severity, 'WARNING')) {
    return { type: 'record_only', reason: `${error.event.code} is no outage` };
  }
  const open = history.openByFingerprint.get(error.fingerprint);
  if (open && isBack(error, open, now)) {
    return {
      type: 'join',
      incidentId: open.id,
      reason: `${error.fingerprint} is back while ${open.code} is being treated`,
    };
  }
  if (open) return { type: 'repeat', incidentId: open.id, reason: `${error.fingerprint} is being treated` };

  const { code, service } = error.event;
  const root = findRootCause({ code, service, fingerprint: error.fingerprint }, history.openByService.values());
  if (root) return { type: 'join', incidentId: root.id, reason: `a symptom of ${root.code}` };

  const sibling = findSibling(error, history);
  if (sibling)
    return {
      type: 'join',
      incidentId: sibling.id,
      reason: `${error.capability ?? error.category} is being recovered already`,
    };

  const { strategy } = error;
  const resolved = history.resolvedByFingerprint.get(error.fingerprint);
  if (resolved?.resolvedAtMs !== undefined && now - resolved.resolvedAtMs <= policy.reopenWithinMs) {
    return {
      type: 'reopen',
      incidentId: resolved.id,
      strategy,
      reason: `back ${Math.round((now - resolved.resolvedAtMs) / 1000)} s after it was resolved`,
    };
  }
  const reason = error.needsOperator
    ? 'an operator must act; it is watched, not retried'
    : `${error.category} is treated by ${strategy}`;
  return { type: 'open', strategy, reason };
}
