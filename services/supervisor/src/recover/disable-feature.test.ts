import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isoAt, T0 } from '../testing/error-events.ts';
import { foldKnown, joinIncident, openIncident } from '../testing/incidents.ts';
import { simulateRecovery } from '../testing/simulate-recovery.ts';

const crashed = () => openIncident('CV_CHILD_CRASHED');
const reopen = (incident: ReturnType<typeof crashed>, now: number) =>
  foldKnown(incident, [{ type: 'reopened', at: isoAt(now), errorId: `again-${now}` }]);
const attemptsOf = ({ moves }: ReturnType<typeof simulateRecovery>) =>
  moves.flatMap(({ move }) => (move.type === 'attempt' ? { label: move.label, afterMs: move.afterMs } : []));

describe('disable_feature', () => {
  it('resolves when a restart is proved', () => {
    assert.deepEqual(simulateRecovery(crashed(), { probe: () => true }).lines, ['restart:1 restart-child', 'resolve']);
  });

  it('switches the feature off when the restart budget is spent, and tries it again at growing intervals', () => {
    const played = simulateRecovery(crashed(), { probe: () => false }, { forMs: 4 * 3_600_000, moves: 40 });
    assert.deepEqual(attemptsOf(played).slice(0, 10), [
      { label: 'restart:1', afterMs: 0 },
      { label: 'restart:2', afterMs: 500 },
      { label: 'restart:3', afterMs: 1000 },
      { label: 'retry:1', afterMs: 30_000 },
      { label: 'retry:2', afterMs: 60_000 },
      { label: 'retry:3', afterMs: 120_000 },
      { label: 'retry:4', afterMs: 240_000 },
      { label: 'retry:5', afterMs: 480_000 },
      { label: 'retry:6', afterMs: 900_000 },
      { label: 'retry:7', afterMs: 900_000 },
    ]);
    assert.deepEqual(played.lines.slice(3, 7), [
      'degrade feature_off',
      'retry:1 set-ceiling restart-child',
      'degrade feature_off',
      'retry:2 set-ceiling restart-child',
    ]);
  });

  it('holds the feature down while it is off, and lifts that for the try', () => {
    const off = simulateRecovery(crashed(), { probe: () => false }, { moves: 4 }).incident;
    assert.deepEqual(off.ceilings, { see: { level: 'off', by: 'feature_off' } });
    const { incident, moves } = simulateRecovery(off, { probe: () => true });
    assert.equal(moves[0]?.move.type === 'attempt' && moves[0].move.lifts, true);
    assert.deepEqual({ state: incident.state, ceilings: incident.ceilings }, { state: 'resolved', ceilings: {} });
  });

  it('counts restarts across reopenings: a part that restarts well and crashes again has spent its budget too', () => {
    let incident = crashed();
    const seen: string[] = [];
    for (let crash = 1; crash <= 4; crash += 1) {
      const now = T0 + crash * 20_000;
      const played = simulateRecovery(reopen(incident, now), { probe: () => true }, { from: now, moves: 2 });
      seen.push(played.lines[0] ?? '');
      incident = played.incident;
    }
    assert.deepEqual(seen, [
      'restart:1 restart-child',
      'restart:2 restart-child',
      'restart:3 restart-child',
      'degrade feature_off',
    ]);
  });

  it('has its whole budget again after the period', () => {
    const spent = simulateRecovery(crashed(), { probe: (_, now) => now > T0 + 31_000 }).incident;
    const later = T0 + 400_000;
    const { lines } = simulateRecovery(reopen(spent, later), { probe: () => true }, { from: later });
    assert.equal(lines[0], 'restart:1 restart-child');
  });

  it('restarts the child first when the camera was lost before', () => {
    const camera = simulateRecovery(openIncident('CV_SOURCE_LOST'), { probe: () => false }, { moves: 6 }).incident;
    assert.equal(camera.state, 'degraded');
    const joined = joinIncident(camera, 'CV_CHILD_CRASHED', {}, T0 + 60_000);
    assert.equal(joined.strategy, 'disable_feature');
    const { lines } = simulateRecovery(
      joined,
      { probe: ({ what }) => what === 'child-answers' },
      { from: T0 + 60_000 },
    );
    assert.deepEqual(lines, ['restart:1 restart-child', 'resolve']);
  });

  it('restarts the child first when the picture was black before, and tells of the child', () => {
    const black = simulateRecovery(
      openIncident('CV_PICTURE_BLACK', { subject: 'obs' }),
      { probe: () => false },
      { moves: 6 },
    );
    const joined = joinIncident(black.incident, 'CV_CHILD_CRASHED', {}, T0 + 60_000);
    assert.deepEqual([joined.strategy, joined.summary.split(':')[0]], ['disable_feature', 'CV_CHILD_CRASHED']);
    const { lines } = simulateRecovery(
      joined,
      { probe: ({ what }) => what === 'child-answers' },
      { from: T0 + 60_000 },
    );
    assert.deepEqual(lines, ['restart:1 restart-child', 'resolve']);
  });
});
