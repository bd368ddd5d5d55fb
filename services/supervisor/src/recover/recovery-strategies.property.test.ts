import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AudioDevice, isAtLeast } from '@understudy/shared/contracts';
import { defineError, ERROR_CODES } from '@understudy/shared/errors';
import fc from 'fast-check';
import { T0 } from '../testing/error-events.ts';
import { joinIncident, openIncident } from '../testing/incidents.ts';
import { POLICY } from '../testing/policies.ts';
import { simulateRecovery, type World } from '../testing/simulate-recovery.ts';
import { STRATEGY_REGISTRY } from './strategy-registry.ts';

const DEVICES: AudioDevice[] = ['first', 'second', 'third'].flatMap((id) => [
  { id: `${id}-in`, direction: 'input' as const, state: 'available' as const },
  { id: `${id}-out`, direction: 'output' as const, state: 'available' as const },
]);
const opens = (code: string) => defineError(code).cause !== 'none' && isAtLeast(defineError(code).severity, 'WARNING');

const code = fc.constantFrom(...ERROR_CODES.filter(opens), 'A_CODE_OF_TOMORROW');
const subject = fc.constantFrom(undefined, 'first-in', 'second-out', 'primary');
const joined = fc.option(fc.record({ code, subject }), { nil: undefined });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** Outcomes of commands and probes in the order in which they are asked for; afterwards all is as `end` says. */
const luck = fc.record({ outcomes: fc.array(fc.boolean(), { maxLength: 60 }), end: fc.boolean() });
const start = fc.record({ code, subject, joined, random: chance });

function incidentOf(facts: {
  code: string;
  subject: string | undefined;
  joined: { code: string; subject: string | undefined } | undefined;
}) {
  const root = openIncident(facts.code, facts.subject === undefined ? {} : { subject: facts.subject });
  const { joined: other } = facts;
  if (!other) return root;
  return joinIncident(root, other.code, {
    service: root.service,
    ...(other.subject === undefined ? {} : { subject: other.subject }),
  });
}

function worldOf({ outcomes, end }: { outcomes: readonly boolean[]; end: boolean }): World {
  let asked = 0;
  const next = () => outcomes[asked++] ?? end;
  return { command: ({ verb }) => next() && (verb !== 'list-devices' || { devices: DEVICES }), probe: next };
}

const play = (facts: Parameters<typeof incidentOf>[0] & { random: number }, world: World, forMs = 3 * 3_600_000) =>
  simulateRecovery(incidentOf(facts), world, { random: () => facts.random, forMs, moves: 3000 });
const always = (predicate: (facts: Parameters<typeof play>[0], world: World) => void) =>
  fc.assert(
    fc.property(start, luck, (facts, fate) => predicate(facts, worldOf(fate))),
    { numRuns: 150 },
  );

describe('every strategy, whatever happens', () => {
  it('gives up after a bounded number of attempts and escalates', () => {
    always((facts, world) => {
      const { moves, incident } = play(facts, world);
      const limit = STRATEGY_REGISTRY[incident.strategy].limit(POLICY);
      const untilDegraded = moves.findIndex(({ move }) => move.type === 'degrade');
      const first = untilDegraded < 0 ? moves : moves.slice(0, untilDegraded);
      assert.ok(first.filter(({ move }) => move.type === 'attempt').length <= limit, `more than ${limit} attempts`);
    });
  });

  it('never moves twice without end in the same moment', () => {
    always((facts, world) => {
      const { moves } = play(facts, world);
      const perSecond = new Map<number, number>();
      for (const { at } of moves) perSecond.set(Math.floor(at / 1000), (perSecond.get(Math.floor(at / 1000)) ?? 0) + 1);
      assert.ok(Math.max(...perSecond.values()) <= 16, `${Math.max(...perSecond.values())} moves within a second`);
    });
  });

  it('waits at least as long as the policy says between two looks, and never longer than a day', () => {
    const shortest = Math.min(
      POLICY.device_fallback.watch_interval_ms,
      POLICY.reconnect_retry.slow_probe_ms,
      POLICY.cache_fallback.watch_interval_ms,
      POLICY.default_fallback.watch_interval_ms,
      POLICY.clear_and_restart.calm_ms,
      POLICY.disable_feature.off_ms,
    );
    always((facts, world) => {
      for (const { move } of play(facts, world).moves) {
        if (move.type === 'watch') assert.ok(move.everyMs >= shortest && move.everyMs <= 86_400_000);
        if (move.type === 'watch') assert.ok(move.probes.length > 0, 'a look at nothing ends never');
        if (move.type === 'attempt') assert.ok(move.afterMs >= 0 && move.afterMs <= POLICY.disable_feature.max_off_ms);
      }
    });
  });

  it('never ends its slow probing while nothing works', () => {
    fc.assert(
      fc.property(start, (facts) => {
        const { incident, moves } = play(facts, worldOf({ outcomes: [], end: false }), 3_600_000);
        assert.equal(incident.state, 'degraded');
        const looks = moves.filter(
          ({ at, move }) => at > T0 + 1_800_000 && (move.type === 'watch' || move.type === 'attempt'),
        );
        assert.ok(looks.length >= 2, `${looks.length} looks in the last half hour`);
      }),
    );
  });

  it('resolves in the end when everything works from some time on', () => {
    fc.assert(
      fc.property(start, fc.array(fc.boolean(), { maxLength: 60 }), (facts, outcomes) => {
        assert.equal(play(facts, worldOf({ outcomes, end: true })).incident.state, 'resolved');
      }),
    );
  });

  it('resolves only what a probe has proved in this round', () => {
    always((facts, world) => {
      const { incident, moves } = play(facts, world);
      if (incident.state !== 'resolved') return;
      assert.equal(moves.at(-1)?.move.type, 'resolve');
      assert.ok(incident.attempts.some(({ verified, startedAt }) => verified && startedAt >= incident.currentSince));
    });
  });

  it('sends no command about what an operator must mend, before a look has shown that it was done', () => {
    const waitsForOperator = fc.constantFrom(
      ...ERROR_CODES.filter((name) => defineError(name).cause === 'needs_operator'),
    );
    fc.assert(
      fc.property(waitsForOperator, subject, chance, luck, (name, about, random, fate) => {
        const { moves } = play({ code: name, subject: about, joined: undefined, random }, worldOf(fate));
        const commanded = moves.findIndex(({ move }) => move.type === 'attempt' && move.commands.length > 0);
        if (commanded >= 0) assert.equal(moves[commanded - 1]?.move.type, 'watch');
      }),
    );
  });

  it('asks only verbs of the owner that it concerns', () => {
    always((facts, world) => {
      const { incident, moves } = play(facts, world);
      for (const { move } of moves) {
        for (const { service } of move.type === 'attempt' ? move.commands : []) {
          if (incident.strategy !== 'device_fallback' && incident.strategy !== 'disable_feature')
            assert.equal(service, incident.service);
        }
      }
    });
  });

  it('is a pure plan: the same incident leads to the same story', () => {
    fc.assert(
      fc.property(start, luck, (facts, fate) => {
        const incident = incidentOf(facts);
        const again = () => simulateRecovery(incident, worldOf(fate), { random: () => facts.random, moves: 60 }).moves;
        assert.deepEqual(again(), again());
      }),
      { numRuns: 60 },
    );
  });
});
