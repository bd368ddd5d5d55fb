import { probeOf, roundOf } from './attempts.ts';
import type { Move, RecoveryView } from './recovery-strategy.ts';

/**
 * Only a person can mend it: nothing is retried, it is looked at until what the person did shows.
 * @param by what holds the stage meanwhile
 */
export function waitForOperator({ incident, cause, causes }: RecoveryView, by: string, everyMs: number): Move {
  const last = roundOf(incident).at(-1);
  if (last?.verified) return { type: 'resolve', reason: `${cause.probe} proved it`, provedBy: last.probe };
  if (incident.state !== 'degraded') return { type: 'degrade', by, verified: false, reason: 'an operator must act' };
  return { type: 'watch', everyMs, probes: [probeOf(causes.find(({ needsOperator }) => needsOperator) ?? cause)] };
}
