import type { CommandSpec } from '@understudy/shared/contracts';
import { argumentOf, labelled, paceOfReturns, probeOf, roundOf } from './attempts.ts';
import type { Move, RecoveryStrategy, RecoveryView } from './recovery-strategy.ts';

/** Only the model's ladder can be told where to begin; those of speech and transcription see to it by themselves. */
const forceRung = ({ cause }: RecoveryView, rung: string): CommandSpec[] =>
  cause.service === 'llm-service' ? [{ service: 'llm-service', verb: 'force-rung', args: { rung } }] : [];

/** Proves that the chain answers; if nothing does, no viewer shall wait for dead providers. */
function findAnswer(view: RecoveryView): Move {
  const attempts = roundOf(view.incident);
  const chain = labelled(attempts, 'chain').at(-1);
  if (!chain) return { type: 'attempt', label: 'chain', afterMs: 0, commands: [], probe: { what: view.cause.probe } };
  if (chain.verified) {
    return { type: 'degrade', by: 'next_provider', verified: true, reason: 'another provider answers' };
  }
  const commands = view.needsOperator ? [] : forceRung(view, 'cache');
  if (commands.length > 0 && labelled(attempts, 'force').length === 0) {
    return { type: 'attempt', label: 'force:cache', afterMs: 0, commands };
  }
  const reason = view.needsOperator ? 'no provider answers, and an operator must act' : 'no provider answers';
  return { type: 'degrade', by: 'cache_or_pattern', verified: false, reason };
}

/**
 * The in-line ladder has answered the viewer already (next provider, safe cache, pattern). Supervised, it is proved that the chain
 * answers; if nothing does, the ladder is made to begin at the cache; each failed provider is watched and returned to.
 */
export const cacheFallback: RecoveryStrategy = {
  name: 'cache_fallback',
  limit: () => 2,
  escalate: 'degraded',
  next(view) {
    const { incident, cause, causes, policy } = view;
    if (incident.state !== 'degraded') return findAnswer(view);
    const attempts = roundOf(incident);
    const last = attempts.at(-1);
    const returned = labelled(attempts, 'return')
      .filter(({ verified }) => verified)
      .map(argumentOf);
    const failed = causes.flatMap(({ subject }) => subject ?? []);
    const missing = failed.filter((provider) => !returned.includes(provider));
    if (last?.verified && last.label.startsWith('watch')) {
      const { subject } = last.probe ?? {};
      const probe = probeOf({ probe: cause.probe, subject });
      return {
        type: 'attempt',
        label: `return:${subject ?? 'any'}`,
        afterMs: 0,
        commands: forceRung(view, 'auto'),
        probe,
      };
    }
    if (last?.verified && last.label.startsWith('return')) {
      if (missing.length === 0)
        return { type: 'resolve', reason: `${failed.join(', ') || 'the provider'} answers again` };
      if (incident.degradedBy !== 'next_provider') {
        return { type: 'degrade', by: 'next_provider', verified: true, reason: `${argumentOf(last)} answers again` };
      }
    }
    const { watch_interval_ms, account_watch_interval_ms } = policy.cache_fallback;
    // What is over does not slow the look for the others.
    const patience = causes
      .filter(({ over }) => !over)
      .map(({ needsOperator, retryAfterMs = 0 }) =>
        Math.max(needsOperator ? account_watch_interval_ms : 0, retryAfterMs),
      );
    const pace = paceOfReturns(attempts, 'return', watch_interval_ms, policy.reconnect_retry.max_delay_ms);
    const probes = missing.map((subject) => ({ what: cause.probe, subject }));
    return {
      type: 'watch',
      everyMs: Math.max(pace, ...patience),
      probes: probes.length > 0 ? probes : [{ what: cause.probe }],
    };
  },
};
