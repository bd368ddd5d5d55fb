import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AudioDevice, ProbeSpec } from '@understudy/shared/contracts';
import { T0 } from '../testing/error-events.ts';
import { joinIncident, openIncident } from '../testing/incidents.ts';
import { POLICY } from '../testing/policies.ts';
import { simulateRecovery, type World } from '../testing/simulate-recovery.ts';

const input = (id: string, state: AudioDevice['state'] = 'available'): AudioDevice => ({
  id,
  direction: 'input',
  state,
});
const output = (id: string): AudioDevice => ({ id, direction: 'output', state: 'available' });
const DEVICES = [input('headset', 'active'), input('desk'), input('camera'), output('speakers'), output('monitor')];

/** The owner lists `devices`; those for which `works` holds deliver. */
const worldOf = (
  works: (device: string, now: number) => boolean,
  devices: readonly AudioDevice[] = DEVICES,
): World => ({
  command: ({ verb }) => verb !== 'list-devices' || { devices: [...devices] },
  probe: ({ subject }: ProbeSpec, now) =>
    subject === undefined ? devices.some(({ id }) => works(id, now)) : works(subject, now),
});
const lost = (subject = 'headset') => openIncident('AUDIO_DEVICE_LOST', { subject });

describe('device_fallback', () => {
  it('tests the list in the operator’s order, serves by the next that works, and says so', () => {
    const { lines, incident } = simulateRecovery(
      lost(),
      worldOf((id) => id === 'camera'),
      { moves: 6 },
    );
    assert.deepEqual(lines, [
      'list list-devices',
      'switch:headset switch-device',
      'switch:desk switch-device',
      'switch:camera switch-device',
      'degrade device:camera verified',
      'watch headset desk',
    ]);
    assert.equal(incident.state, 'degraded');
  });

  it('returns to the preferred one as soon as a look proves it', () => {
    const back = T0 + 60_000;
    const { lines, incident, now } = simulateRecovery(
      lost(),
      worldOf((id, at) => id === 'desk' || (id === 'headset' && at >= back)),
    );
    assert.deepEqual(lines.slice(-3), ['watch headset', 'switch:headset switch-device', 'resolve']);
    assert.equal(incident.state, 'resolved');
    assert.ok(now - back < POLICY.device_fallback.watch_interval_ms + 1000);
  });

  it('climbs to a better one that is not yet the best', () => {
    const works = (id: string, at: number) => id === 'camera' || (id === 'desk' && at > T0 + 10_000);
    const { lines } = simulateRecovery(lost(), worldOf(works), { forMs: 30_000 });
    assert.ok(lines.includes('degrade device:desk verified'));
    assert.equal(lines.at(-1), 'watch headset');
  });

  it('without any device goes on as text only and returns when one does', () => {
    const works = (id: string, at: number) => id === 'headset' && at > T0 + 60_000;
    const { lines, incident } = simulateRecovery(lost(), worldOf(works));
    assert.ok(lines.includes('degrade text_only'));
    assert.deepEqual(lines.slice(-2), ['switch:headset switch-device', 'resolve']);
    assert.equal(incident.degradedBy, undefined);
  });

  it('passes over what the owner says is not there', () => {
    const devices = [input('headset', 'unavailable'), input('desk')];
    const { lines } = simulateRecovery(
      lost(),
      worldOf((id) => id === 'desk', devices),
      { moves: 3 },
    );
    assert.deepEqual(lines, ['list list-devices', 'switch:desk switch-device', 'degrade device:desk verified']);
  });

  it('walks the outputs when it is the voice that is gone', () => {
    const { lines } = simulateRecovery(
      openIncident('AUDIO_OUTPUT_LOST', { subject: 'speakers' }),
      worldOf((id) => id === 'monitor'),
      { moves: 4 },
    );
    assert.deepEqual(lines.slice(1), [
      'switch:speakers switch-device',
      'switch:monitor switch-device',
      'degrade device:monitor verified',
    ]);
  });

  it('begins a new walk when the device that serves is lost as well', () => {
    const serving = simulateRecovery(
      lost(),
      worldOf((id) => id === 'desk'),
      { moves: 4 },
    ).incident;
    assert.equal(serving.degradedBy, 'device:desk');
    const joined = joinIncident(serving, 'AUDIO_DEVICE_LOST', { subject: 'desk' }, T0 + 60_000);
    const { lines } = simulateRecovery(
      joined,
      worldOf((id) => id === 'camera'),
      { from: T0 + 60_000, moves: 5 },
    );
    assert.equal(lines.at(-1), 'degrade device:camera verified');
  });

  it('gives up asking an owner that does not list, and lists when a look shows life', () => {
    const works = (now: number) => now > T0 + 60_000;
    const world: World = {
      command: ({ verb }, now) => works(now) && (verb !== 'list-devices' || { devices: DEVICES }),
      probe: (_, now) => works(now),
    };
    const { lines } = simulateRecovery(lost(), world);
    assert.deepEqual(lines.slice(0, 5), [...Array(3).fill('list list-devices'), 'degrade text_only', 'watch it']);
    assert.deepEqual(lines.slice(-4), ['watch it', 'list list-devices', 'switch:headset switch-device', 'resolve']);
  });

  it('looks less and less often for a device whose return fails each time', () => {
    const world: World = {
      command: ({ verb }) => verb === 'list-devices' && { devices: [input('headset', 'unavailable')] },
      probe: () => true,
    };
    const { moves } = simulateRecovery(lost(), world, { forMs: 600_000 });
    const waits = moves.flatMap(({ move }) => (move.type === 'watch' ? move.everyMs : []));
    assert.deepEqual(waits.slice(0, 6), [2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('ends the longest walk at its limit and goes on from there in its own time', () => {
    const many = Array.from({ length: 30 }, (_, n) => input(`device-${n}`));
    const { lines } = simulateRecovery(
      lost(),
      worldOf(() => false, many),
      { moves: 60 },
    );
    assert.equal(lines[20], 'degrade limit_reached');
    assert.equal(lines.at(-1)?.split(' ').length, 31, 'it watches all of them');
  });

  it('only watches a port that an operator must free', () => {
    const { lines } = simulateRecovery(
      openIncident('AUDIO_PORT_IN_USE'),
      worldOf((_, now) => now > T0 + 9000),
    );
    assert.deepEqual([...new Set(lines)], ['degrade text_only', 'watch it', 'resolve']);
  });
});
