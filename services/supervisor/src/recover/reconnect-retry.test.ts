import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isoAt, T0 } from '../testing/error-events.ts';
import { foldKnown, joinIncident, openIncident } from '../testing/incidents.ts';
import { POLICY } from '../testing/policies.ts';
import { simulateRecovery } from '../testing/simulate-recovery.ts';

const HOUR_MS = 3_600_000;
const lost = () => openIncident('OSC_CONNECTION_LOST');

describe('reconnect_retry', () => {
  it('resolves when the first reconnection is proved', () => {
    const { lines, incident } = simulateRecovery(lost(), { probe: () => true });
    assert.deepEqual(lines, ['reconnect:1 reconnect', 'resolve']);
    assert.equal(incident.state, 'resolved');
  });

  it('tries at once, then with full jitter below a bound that doubles', () => {
    const { moves } = simulateRecovery(lost(), { probe: () => false }, { random: () => 0.999, moves: 3 });
    const waits = moves.map(({ move }) => move.type === 'attempt' && move.afterMs);
    assert.deepEqual(waits, [0, 999, 1998]);
  });

  it('goes on without the avatar after three, and finds VRChat when it is started an hour later', () => {
    const started = T0 + HOUR_MS;
    const probe = (_probe: unknown, now: number) => now >= started;
    const { lines, incident, now } = simulateRecovery(lost(), { probe }, { forMs: 2 * HOUR_MS, moves: 2000 });
    const quick = ['reconnect:1 reconnect', 'reconnect:2 reconnect', 'reconnect:3 reconnect', 'degrade no_act'];
    assert.deepEqual(lines.slice(0, 5), [...quick, 'watch it']);
    assert.deepEqual([...new Set(lines.slice(4))], ['watch it', 'resolve']);
    assert.equal(incident.state, 'resolved');
    assert.ok(now - started <= POLICY.reconnect_retry.slow_probe_ms + 1, 'found at the next look');
  });

  it('counts an unreachable owner as a failed attempt', () => {
    const { lines } = simulateRecovery(lost(), { command: () => false, probe: () => true }, { moves: 4 });
    assert.equal(lines[3], 'degrade no_act');
  });

  it('only looks where no command could help', () => {
    const { moves } = simulateRecovery(openIncident('SERVICE_SILENT'), { probe: () => true });
    assert.deepEqual(moves[0]?.move, {
      type: 'attempt',
      label: 'reconnect:1',
      afterMs: 0,
      commands: [],
      probe: { what: 'alive' },
    });
  });

  it('asks the owner of the camera to reconnect it', () => {
    const { lines } = simulateRecovery(openIncident('CV_SOURCE_LOST', { subject: 'obs' }), { probe: () => true });
    assert.deepEqual(lines, ['reconnect:1 reconnect', 'resolve']);
  });

  it('sends no command to whom it does not belong', () => {
    const { lines } = simulateRecovery(openIncident('OSC_CONNECTION_LOST', { service: 'llm-service' }), {
      probe: () => true,
    });
    assert.deepEqual(lines, ['reconnect:1', 'resolve']);
  });

  it('takes nothing away for the sake of a prompt that was cut, and watches until one is taken whole', () => {
    const { lines } = simulateRecovery(openIncident('LLM_PROMPT_CUT', { subject: 'local' }), {
      probe: ({ what, subject }, now) => what === 'prompt-whole' && subject === 'local' && now > T0 + 20_000,
    });
    assert.deepEqual([...new Set(lines)], ['degrade shorter_memory', 'watch local', 'resolve']);
  });

  it('does not say of an avatar that acts unheard that it does not act', () => {
    const { lines } = simulateRecovery(openIncident('OSC_NOT_HEARD', { subject: 'udp:9001' }), {
      probe: (_, now) => now > T0 + 20_000,
    });
    assert.deepEqual([...new Set(lines)], ['degrade acts_unheard', 'watch udp:9001', 'resolve']);
  });

  it('only watches what an operator must mend', () => {
    const { lines } = simulateRecovery(openIncident('OSC_PORT_IN_USE'), { probe: (_, now) => now > T0 + 20_000 });
    assert.deepEqual([...new Set(lines)], ['degrade no_act', 'watch it', 'resolve']);
  });

  describe('a crash loop', () => {
    it('is parked, watched, and resolved when the service is alive again', () => {
      const { lines } = simulateRecovery(openIncident('SERVICE_CRASH_LOOP'), {
        probe: (_, now) => now > T0 + HOUR_MS / 2,
      });
      assert.deepEqual([...new Set(lines)], ['park', 'degrade parked', 'watch it', 'resolve']);
    });

    it('is parked too when it joins an incident that was open before', () => {
      for (const root of ['SERVICE_CRASHED', 'SERVICE_SILENT', 'EVENT_LOOP_BLOCKED']) {
        const degraded = simulateRecovery(openIncident(root), { probe: () => false }, { moves: 6 }).incident;
        const { lines } = simulateRecovery(
          joinIncident(degraded, 'SERVICE_CRASH_LOOP', {}, T0 + 60_000),
          { probe: () => false },
          { moves: 2 },
        );
        assert.deepEqual(lines, ['park', 'degrade parked'], root);
      }
    });

    it('is not parked again by the old report after an operator resumed it', () => {
      const parked = simulateRecovery(
        openIncident('SERVICE_CRASH_LOOP'),
        { probe: () => false },
        { moves: 2 },
      ).incident;
      const resumed = foldKnown(parked, [{ type: 'resumed', at: isoAt(T0 + 1000), by: 'operator' }]);
      assert.deepEqual(simulateRecovery(resumed, { probe: () => true }).lines, ['watch it', 'resolve']);
    });

    it('that comes back after it was resumed is parked again', () => {
      const parked = simulateRecovery(
        openIncident('SERVICE_CRASH_LOOP'),
        { probe: () => false },
        { moves: 2 },
      ).incident;
      const resumed = foldKnown(parked, [{ type: 'resumed', at: isoAt(T0 + 1000), by: 'operator' }]);
      const back = joinIncident(resumed, 'SERVICE_CRASH_LOOP', {}, T0 + 60_000);
      assert.equal(simulateRecovery(back, { probe: () => false }, { moves: 1 }).lines[0], 'park');
    });
  });
});
