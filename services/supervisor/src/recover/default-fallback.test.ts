import assert from 'node:assert/strict';
import { it } from 'node:test';
import { T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { simulateRecovery } from '../testing/simulate-recovery.ts';

it('default_fallback keeps the last good configuration, sends no command, and sees when it was corrected', () => {
  const corrected = T0 + 3_000_000;
  const { lines, moves, incident } = simulateRecovery(
    openIncident('CONFIGURATION_INVALID'),
    { probe: (_, now) => now >= corrected },
    { moves: 1000 },
  );
  assert.deepEqual([...new Set(lines)], ['degrade last_known_good', 'watch it', 'resolve']);
  assert.equal(
    moves.some(({ move }) => move.type === 'attempt'),
    false,
  );
  assert.equal(incident.state, 'resolved');
});
