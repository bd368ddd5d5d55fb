import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isoAt, T0 } from '../testing/error-events.ts';
import { foldKnown, openIncident } from '../testing/incidents.ts';
import { simulateRecovery, type World } from '../testing/simulate-recovery.ts';

const high = () => openIncident('MEMORY_HIGH');
/** Memory is low after the named step; `restore` brings it up again. */
const helpedBy = (...steps: string[]): World => {
  let low = false;
  return {
    command({ verb, args }) {
      low = verb === 'restore' ? steps.includes('restore') : low || steps.includes(String(args['what'] ?? verb));
      return true;
    },
    probe: () => low,
  };
};

describe('clear_and_restart', () => {
  it('is content when clearing the caches helps', () => {
    assert.deepEqual(simulateRecovery(high(), helpedBy('caches')).lines, ['shed:caches shed', 'resolve']);
  });

  it('leaves optional features off until it has been calm, then restores them', () => {
    assert.deepEqual(simulateRecovery(high(), helpedBy('features', 'restore')).lines, [
      'shed:caches shed',
      'shed:features shed',
      'degrade features_shed verified',
      'watch it',
      'restore restore',
      'resolve',
    ]);
  });

  it('restarts at a safe moment when nothing that was given back helped', () => {
    const { lines } = simulateRecovery(high(), helpedBy('recycle'));
    assert.deepEqual(lines, ['shed:caches shed', 'shed:features shed', 'shed:recycle recycle', 'resolve']);
  });

  it('looks once more before it calls a late restart a failure', () => {
    const late: World = { command: () => true, probe: (_, now) => now > T0 + 10_000 };
    assert.deepEqual(simulateRecovery(high(), late).lines.slice(-3), ['shed:recycle recycle', 'shed:look', 'resolve']);
  });

  it('runs the essentials only if it persists, until memory has been calm', () => {
    const { lines, moves, incident } = simulateRecovery(high(), { probe: (_, now) => now > T0 + 100_000 });
    assert.deepEqual([...new Set(lines)].slice(4), [
      'degrade essential_mode',
      'watch it',
      'restore restore',
      'resolve',
    ]);
    assert.deepEqual(moves.find(({ move }) => move.type === 'watch')?.move, {
      type: 'watch',
      everyMs: 30_000,
      probes: [{ what: 'memory' }],
      patient: true,
    });
    assert.deepEqual({ state: incident.state, essential: incident.essential }, { state: 'resolved', essential: false });
  });

  it('falls back to the essentials when it rises again with everything on', () => {
    const { lines, incident } = simulateRecovery(high(), helpedBy('features'), { moves: 6 });
    assert.deepEqual(lines.slice(-2), ['restore restore', 'degrade essential_mode']);
    assert.equal(incident.essential, true);
  });

  it('takes the next step and not the same again when what helped did not last', () => {
    const helped = simulateRecovery(high(), helpedBy('caches')).incident;
    const now = T0 + 60_000;
    const back = foldKnown(helped, [{ type: 'reopened', at: isoAt(now), errorId: 'again-000001' }]);
    const { lines } = simulateRecovery(back, helpedBy('recycle'), { from: now });
    assert.deepEqual(lines, ['shed:features shed', 'shed:recycle recycle', 'resolve']);
  });

  it('does not restart a service for a late event loop', () => {
    const { lines } = simulateRecovery(openIncident('EVENT_LOOP_LATE'), { probe: () => false }, { moves: 3 });
    assert.deepEqual(lines, ['shed:caches shed', 'shed:features shed', 'degrade essential_mode']);
  });

  it('gives nothing back for a full disk, which an operator must free', () => {
    const { lines } = simulateRecovery(openIncident('LOG_DISK_FULL'), { probe: (_, now) => now > T0 + 100_000 });
    assert.deepEqual([...new Set(lines)], ['degrade nothing_to_give_back', 'watch it', 'resolve']);
  });

  it('asks nothing of the supervisor itself', () => {
    const own = openIncident('MEMORY_HIGH', { service: 'supervisor' });
    const { lines } = simulateRecovery(own, { probe: (_, now) => now > T0 + 100_000 });
    assert.deepEqual([...new Set(lines)], ['degrade nothing_to_give_back', 'watch it', 'resolve']);
  });
});
