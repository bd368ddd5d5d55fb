import type { Incident } from '@understudy/shared/contracts';
import { foundGone, probeOf, roundOf } from './attempts.ts';
import { causesOf, treatedCause, treatedCauses } from './causes.ts';
import type { Move, RecoveryPolicy, RecoveryStrategy } from './recovery-strategy.ts';
import { STRATEGY_REGISTRY } from './strategy-registry.ts';

export const strategyOf = (incident: Incident): RecoveryStrategy => STRATEGY_REGISTRY[treatedCause(incident).strategy];

/** Pure: what to do next about an open incident. What is gone needs no strategy; a limit holds even where the strategy forgets it. */
export function planRecovery(incident: Incident, policy: RecoveryPolicy, now: number, random: () => number): Move {
  const [root] = causesOf(incident);
  const gone = foundGone(incident, probeOf(root));
  if (gone) return { type: 'resolve', reason: gone.detail ?? 'it is not configured any more', gone: true };
  const strategy = strategyOf(incident);
  const causes = treatedCauses(incident);
  const needsOperator = causes.some((cause) => cause.needsOperator);
  const move = strategy.next({
    incident,
    cause: treatedCause(incident),
    causes,
    needsOperator,
    policy,
    now,
    random,
  });
  if (move.type !== 'attempt' || incident.state === 'degraded') return move;
  const made = roundOf(incident).length;
  if (made < strategy.limit(policy)) return move;
  return {
    type: 'degrade',
    by: 'limit_reached',
    verified: false,
    reason: `${made} attempts are the limit of ${strategy.name}`,
  };
}
