import { type Attempt, type AudioDevice, AudioDeviceSchema, createValidator } from '@understudy/shared/contracts';
import Type from 'typebox';
import { argumentOf, labelled, paceOfReturns, roundOf } from './attempts.ts';
import type { Cause } from './causes.ts';
import type { Move, RecoveryStrategy, RecoveryView } from './recovery-strategy.ts';
import { waitForOperator } from './wait-for-operator.ts';

const validateDevices = createValidator(Type.Array(AudioDeviceSchema));

/**
 * The approved devices of the direction that failed, in the operator's order, as the owner listed them last; none where one of them has
 * turned out to be gone since: that list is old.
 */
function devicesOf(cause: Cause, attempts: readonly Attempt[]): AudioDevice[] {
  const listedAt = attempts.findLastIndex(({ label }) => label === 'list');
  if (attempts.slice(listedAt + 1).some(({ outcome }) => outcome === 'gone')) return [];
  const checked = validateDevices(attempts[listedAt]?.data?.['devices']);
  const direction = cause.capability === 'speak' ? 'output' : 'input';
  return checked.ok ? checked.value.filter((device) => device.direction === direction) : [];
}

/** A device that was tried in vain is tried again only after a watch has seen it work. */
function isRuledOut(device: AudioDevice, attempts: readonly Attempt[]): boolean {
  const about = attempts.filter(
    (attempt) => /^(switch|watch):/.test(attempt.label) && argumentOf(attempt) === device.id,
  );
  const last = about.at(-1);
  return last === undefined ? device.state === 'unavailable' : !last.verified;
}

const textOnly = (reason: string): Move => ({ type: 'degrade', by: 'text_only', verified: false, reason });

/** Until the owner has listed its devices; then, as before each list, only a proof of life is worth a command. */
function askForDevices({ incident, cause, policy }: RecoveryView, everyMs: number): Move {
  const attempts = roundOf(incident);
  const asked = labelled(attempts, 'list').length;
  const last = attempts.at(-1);
  if (last?.label === 'list' && last.outcome === 'done' && attempts.at(-2)?.verified) {
    return { type: 'resolve', reason: `${cause.probe} proved it; no device is listed to prefer` };
  }
  if (incident.state !== 'degraded' && asked >= policy.reconnect_retry.quick_attempts) {
    return textOnly('the audio-gateway does not list its devices');
  }
  if (incident.state === 'degraded' && !last?.label.startsWith('watch')) {
    return { type: 'watch', everyMs, probes: [{ what: cause.probe }] };
  }
  return {
    type: 'attempt',
    label: 'list',
    afterMs: asked === 0 || incident.state === 'degraded' ? 0 : everyMs,
    commands: [{ service: 'audio-gateway', verb: 'list-devices', args: {} }],
  };
}

/**
 * Walks the operator's approved list: tests each device, switches, keeps the preferred one on watch and returns to it.
 * Nothing left: text only. Never a device that is not on the list: the owner refuses it too.
 */
export const deviceFallback: RecoveryStrategy = {
  name: 'device_fallback',
  limit: () => 20,
  escalate: 'degraded',
  next(view) {
    const { incident, cause, policy } = view;
    const { settle_ms: settleMs, watch_interval_ms } = policy.device_fallback;
    const attempts = roundOf(incident);
    const everyMs = paceOfReturns(attempts, 'switch', watch_interval_ms, policy.reconnect_retry.max_delay_ms);
    if (view.needsOperator) return waitForOperator(view, 'text_only', watch_interval_ms);
    const devices = devicesOf(cause, attempts);
    const [preferred] = devices;
    if (!preferred) return askForDevices(view, everyMs);

    const last = attempts.at(-1);
    if (last?.verified && last.label.startsWith('switch:')) {
      const device = argumentOf(last);
      if (device === preferred.id) return { type: 'resolve', reason: `${device}, the preferred device, works` };
      if (incident.degradedBy !== `device:${device}`) {
        return { type: 'degrade', by: `device:${device}`, verified: true, reason: `${preferred.id} does not work` };
      }
    }
    const serving = devices.findIndex(({ id }) => incident.degradedBy === `device:${id}`);
    const better = serving < 0 ? devices : devices.slice(0, serving);
    const candidate = better.find((device) => !isRuledOut(device, attempts));
    if (candidate) {
      return {
        type: 'attempt',
        label: `switch:${candidate.id}`,
        afterMs: 0,
        commands: [{ service: 'audio-gateway', verb: 'switch-device', args: { device: candidate.id } }],
        settleMs,
        probe: { what: cause.probe, subject: candidate.id },
      };
    }
    if (incident.state !== 'degraded') return textOnly('no approved device works');
    return { type: 'watch', everyMs, probes: better.map(({ id }) => ({ what: cause.probe, subject: id })) };
  },
};
