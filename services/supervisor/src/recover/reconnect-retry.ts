import type { CommandSpec, ProbeName } from '@understudy/shared/contracts';
import { type ErrorCode, isErrorCode } from '@understudy/shared/errors';
import { fullJitter, labelled, probeOf, roundOf } from './attempts.ts';
import { CRASH_LOOP } from './causes.ts';
import type { Move, RecoveryStrategy, RecoveryView } from './recovery-strategy.ts';
import { waitForOperator } from './wait-for-operator.ts';

/** What an owner can do to reconnect, by what would prove it; the rest can only be waited for. */
const RECONNECT: Partial<Record<ProbeName, CommandSpec>> = {
  'osc-echo': { service: 'osc-bridge', verb: 'reconnect', args: {} },
  'frames-fresh': { service: 'cv-service', verb: 'reconnect', args: {} },
  'picture-visible': { service: 'cv-service', verb: 'reconnect', args: {} },
  // The models alone: seeing stays as it is without them, so that it is not switched off for their sake.
  detection: { service: 'cv-service', verb: 'restart-child', args: {} },
};

/** What holds meanwhile where no capability is lost; a code speaks before its probe. */
const HOLDS: Partial<Record<ProbeName | ErrorCode, string>> = {
  OSC_NOT_HEARD: 'acts_unheard',
  OSC_PARAMETERS_STALE: 'acts_without_parameters',
  bus: 'outboxes_on_disk',
  cache: 'in_process_cache',
  'input-quality': 'hears_badly',
  'prompt-whole': 'shorter_memory',
};

const without = ({ code, capability, probe }: RecoveryView['cause']): string =>
  (isErrorCode(code) ? HOLDS[code] : undefined) ?? HOLDS[probe] ?? (capability ? `no_${capability}` : 'waiting');

function tryQuickly({ incident, cause, policy, random }: RecoveryView): Move {
  const { initial_delay_ms, max_delay_ms, quick_attempts } = policy.reconnect_retry;
  const made = labelled(roundOf(incident), 'reconnect').length;
  if (made >= quick_attempts) {
    return { type: 'degrade', by: without(cause), verified: false, reason: `${made} attempts did not help` };
  }
  const command = RECONNECT[cause.probe];
  return {
    type: 'attempt',
    label: `reconnect:${made + 1}`,
    afterMs: made === 0 ? 0 : fullJitter(initial_delay_ms, made - 1, max_delay_ms, random),
    commands: command?.service === cause.service ? [command] : [],
    probe: probeOf(cause),
  };
}

/**
 * Exponential backoff with full jitter for a few quick attempts, then degraded mode with slow probing for as long as it takes:
 * a peer that the operator starts an hour later must be found. A crash loop is parked first.
 */
export const reconnectRetry: RecoveryStrategy = {
  name: 'reconnect_retry',
  limit: (policy) => policy.reconnect_retry.quick_attempts,
  escalate: 'degraded',
  next(view) {
    const { incident, cause, causes, policy, now } = view;
    const everyMs = policy.reconnect_retry.slow_probe_ms;
    if (view.needsOperator) return waitForOperator(view, without(cause), everyMs);
    const last = roundOf(incident).at(-1);
    if (last?.verified) return { type: 'resolve', reason: `${cause.probe} proved it`, provedBy: last.probe };
    if (incident.state === 'degraded') return { type: 'watch', everyMs, probes: [probeOf(cause)] };
    if (incident.parked)
      return { type: 'degrade', by: 'parked', verified: false, reason: 'it idles until it is resumed' };
    if (causes.some(({ code }) => code === CRASH_LOOP)) {
      return { type: 'park', untilMs: now + policy.restart_intensity.park_ms, reason: incident.summary };
    }
    return tryQuickly(view);
  },
};
