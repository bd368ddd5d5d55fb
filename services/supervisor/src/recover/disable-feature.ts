import type { CommandSpec, Observed } from '@understudy/shared/contracts';
import { doubling, labelled, probeOf, roundOf } from './attempts.ts';
import type { RecoveryStrategy } from './recovery-strategy.ts';
import { waitForOperator } from './wait-for-operator.ts';

const RESTART: CommandSpec = { service: 'cv-service', verb: 'restart-child', args: {} };
const LIFT_CEILING: CommandSpec = {
  service: 'cv-service',
  verb: 'set-ceiling',
  args: { capability: 'see', level: 'full', by: 'tried_again' },
};
const OFF: Observed = { see: { level: 'off', by: 'feature_off' } };

/** Restart budget first; then the feature is off; then it is tried again, at growing intervals. */
export const disableFeature: RecoveryStrategy = {
  name: 'disable_feature',
  limit: (policy) => policy.disable_feature.restarts,
  escalate: 'degraded',
  next(view) {
    const { incident, cause, policy, now } = view;
    const { restarts, restart_delay_ms, period_ms, off_ms, max_off_ms } = policy.disable_feature;
    const round = roundOf(incident);
    if (view.needsOperator) return waitForOperator(view, 'no_see', off_ms);
    const last = round.at(-1);
    if (last?.verified) return { type: 'resolve', reason: `${cause.probe} proved it`, provedBy: last.probe };
    const switchOff = (reason: string) =>
      ({ type: 'degrade', by: 'feature_off', verified: false, ceilings: OFF, reason }) as const;

    if (incident.state !== 'degraded') {
      // Counted over the period and not the round: a part that restarts well and crashes again has spent its budget too.
      const isRecent = ({ startedAt }: { startedAt: string }) => now - Date.parse(startedAt) < period_ms;
      const spent = labelled(incident.attempts, 'restart').filter(isRecent).length;
      if (spent >= restarts) return switchOff(`${spent} restarts within ${period_ms / 1000} s did not help`);
      return {
        type: 'attempt',
        label: `restart:${spent + 1}`,
        afterMs: spent === 0 ? 0 : doubling(restart_delay_ms, spent - 1, off_ms),
        commands: [RESTART],
        probe: probeOf(cause),
      };
    }
    const retries = labelled(round, 'retry').length;
    if (incident.ceilings.see === undefined) return switchOff('it still does not work');
    return {
      type: 'attempt',
      label: `retry:${retries + 1}`,
      afterMs: doubling(off_ms, retries, max_off_ms),
      commands: [LIFT_CEILING, RESTART],
      probe: probeOf(cause),
      lifts: true,
    };
  },
};
