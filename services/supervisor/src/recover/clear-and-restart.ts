import { type CommandSpec, SUPERVISED_SERVICES, type SupervisedService } from '@understudy/shared/contracts';
import { labelled, probeOf, roundOf } from './attempts.ts';
import type { Move, RecoveryStrategy, RecoveryView } from './recovery-strategy.ts';
import { waitForOperator } from './wait-for-operator.ts';

/** The last one only looks again: the safe moment for a restart may have come late. */
const STEPS = ['caches', 'features', 'recycle', 'look'] as const;
type Step = (typeof STEPS)[number];

const commandsOf = (service: SupervisedService, step: Step): CommandSpec[] => {
  if (step === 'look') return [];
  return [
    step === 'recycle' ? { service, verb: 'recycle', args: {} } : { service, verb: 'shed', args: { what: step } },
  ];
};

const essentialMode = (reason: string): Move => ({
  type: 'degrade',
  by: 'essential_mode',
  verified: false,
  essential: true,
  reason,
});

function giveBack({ incident, cause, policy, now }: RecoveryView, service: SupervisedService): Move {
  const { settle_ms, restart_wait_ms } = policy.clear_and_restart;
  const last = roundOf(incident).at(-1);
  if (last?.verified) {
    if (last.label !== 'shed:features') return { type: 'resolve', reason: `${last.label} helped` };
    return {
      type: 'degrade',
      by: 'features_shed',
      verified: true,
      reason: 'optional features are off until it is calm',
    };
  }
  // A late event loop is mostly the game's doing: a restart would not help it.
  const steps: readonly Step[] = incident.category === 'PERFORMANCE_ERROR' ? STEPS.slice(0, 2) : STEPS;
  // Not by the round: what was given back lately and did not last is not given back again, the next step is taken.
  const isRecent = ({ startedAt }: { startedAt: string }) => now - Date.parse(startedAt) < policy.reopen_within_ms;
  const step = steps[labelled(incident.attempts, 'shed').filter(isRecent).length];
  if (!step) return essentialMode('nothing that was given back helped for long');
  const waits = step === 'recycle' || step === 'look';
  return {
    type: 'attempt',
    label: `shed:${step}`,
    afterMs: 0,
    commands: commandsOf(service, step),
    settleMs: waits ? restart_wait_ms : settle_ms,
    probe: probeOf(cause),
  };
}

function returnToFull({ incident, cause, policy }: RecoveryView, service: SupervisedService): Move {
  const { settle_ms, calm_ms } = policy.clear_and_restart;
  const last = roundOf(incident).at(-1);
  const wasRestored = last?.label === 'restore';
  if (wasRestored && last.verified) return { type: 'resolve', reason: `${cause.probe} stayed low` };
  if (wasRestored && !incident.essential) return essentialMode('it rose again');
  if (!last?.verified || !last.label.startsWith('watch')) {
    return { type: 'watch', everyMs: calm_ms, probes: [probeOf(cause)], patient: true };
  }
  return {
    type: 'attempt',
    label: 'restore',
    afterMs: 0,
    commands: [{ service, verb: 'restore', args: {} }],
    settleMs: settle_ms,
    probe: probeOf(cause),
    lifts: true,
  };
}

/** Caches, then optional features, then a restart at a safe moment; if it persists, essential mode until it has been calm. */
export const clearAndRestart: RecoveryStrategy = {
  name: 'clear_and_restart',
  limit: () => STEPS.length,
  escalate: 'essential',
  next(view) {
    const service = SUPERVISED_SERVICES.find((name) => name === view.cause.service);
    // The supervisor gives nothing back by itself.
    if (view.needsOperator || !service) {
      return waitForOperator(view, 'nothing_to_give_back', view.policy.clear_and_restart.calm_ms);
    }
    return view.incident.state === 'degraded' ? returnToFull(view, service) : giveBack(view, service);
  },
};
