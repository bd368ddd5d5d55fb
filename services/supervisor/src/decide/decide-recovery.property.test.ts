import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprintOf, SERVICE_NAMES } from '@understudy/shared/contracts';
import { defineError, ERROR_CODES } from '@understudy/shared/errors';
import fc from 'fast-check';
import { makeEvent, T0 } from '../testing/error-events.ts';
import { createReplay } from '../testing/replay.ts';

type Action =
  | {
      readonly do: 'report';
      readonly code: string;
      readonly service: (typeof SERVICE_NAMES)[number] | undefined;
      readonly subject: string | undefined;
    }
  | { readonly do: 'progress'; readonly which: number; readonly works: boolean };

const report = fc.record({
  do: fc.constant('report' as const),
  code: fc.oneof(fc.constantFrom(...ERROR_CODES), fc.constant('A_CODE_OF_TOMORROW')),
  service: fc.option(fc.constantFrom(...SERVICE_NAMES), { nil: undefined }),
  subject: fc.constantFrom(undefined, 'one', 'two'),
});
const progress = fc.record({ do: fc.constant('progress' as const), which: fc.nat(20), works: fc.boolean() });
const history = fc.array(
  fc.record({
    action: fc.oneof<[fc.Arbitrary<Action>, fc.Arbitrary<Action>]>(report, progress),
    afterMs: fc.constantFrom(0, 1, 1000, 60_000, 700_000),
  }),
  { minLength: 1, maxLength: 80 },
);
type Played = ReturnType<typeof createReplay>;
type Step = { readonly replay: Played; readonly now: number } & (
  | {
      readonly event: ReturnType<typeof makeEvent>;
      readonly before: Played['history']['openByFingerprint'];
      readonly decision: ReturnType<Played['report']>;
    }
  | { readonly move: ReturnType<Played['progress']> }
);

function play(actions: readonly { action: Action; afterMs: number }[], check: (step: Step) => void) {
  const replay = createReplay();
  let now = T0;
  for (const { action, afterMs } of actions) {
    now += afterMs;
    if (action.do === 'report') {
      const { code, service, subject } = action;
      const event = makeEvent(code, { ...(service ? { service } : {}), ...(subject ? { subject } : {}) });
      const before = new Map(replay.history.openByFingerprint);
      check({ replay, now, event, before, decision: replay.report(event, now) });
    } else {
      const open = replay.open();
      const chosen = open[action.which % Math.max(1, open.length)];
      if (chosen) check({ replay, now, move: replay.progress(chosen.id, action.works, now) });
    }
  }
  return replay;
}
const always = (check: (step: Step) => void) =>
  fc.assert(
    fc.property(history, (actions) => void play(actions, check)),
    { numRuns: 300 },
  );

describe('classify and decide, over random histories', () => {
  it('never open what is open', () => {
    always((step) => {
      if (!('decision' in step)) return;
      const { decision, event, before } = step;
      if (before.has(fingerprintOf(event))) assert.ok(!['open', 'reopen'].includes(decision.type), decision.type);
    });
  });

  it('give one capability, and one category of a service without one, at most one recovery', () => {
    always(({ replay }) => {
      const owned = replay.open().map(({ capability, service, category }) => capability ?? `${service}/${category}`);
      assert.deepEqual(owned.toSorted(), [...new Set(owned)].toSorted());
    });
  });

  it('lead every failure to exactly one open incident and every noise to none', () => {
    always((step) => {
      if (!('decision' in step)) return;
      const fingerprint = fingerprintOf(step.event);
      const owners = step.replay
        .open()
        .filter((incident) => [incident, ...incident.members].some((cause) => cause.fingerprint === fingerprint));
      assert.equal(owners.length, step.decision.type === 'record_only' ? 0 : 1, step.decision.type);
      const noise = defineError(step.event.code).cause === 'none';
      if (noise) assert.equal(step.decision.type, 'record_only');
    });
  });

  it('name only incidents that exist: open ones to repeat and join, resolved ones to reopen', () => {
    fc.assert(
      fc.property(history, (actions) => {
        const resolved = new Set<string>();
        play(actions, (step) => {
          if ('decision' in step && step.decision.type === 'reopen')
            assert.ok(resolved.delete(step.decision.incidentId));
          if ('decision' in step && 'incidentId' in step.decision)
            assert.notEqual(step.replay.incidents.get(step.decision.incidentId)?.state, 'resolved');
          for (const { id, state } of step.replay.incidents.values()) if (state === 'resolved') resolved.add(id);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('never retry a root that needs an operator before a look has shown that something was done', () => {
    always((step) => {
      if (!('move' in step) || step.move?.type !== 'attempt' || step.move.commands.length === 0) return;
      const { label } = step.move;
      const blocked = step.replay
        .open()
        .filter(
          ({ needsOperator, members, attempts }) =>
            needsOperator && members.length === 0 && attempts.at(-1)?.label === label,
        );
      for (const { attempts } of blocked) assert.ok(attempts.at(-2)?.label.startsWith('watch'), label);
    });
  });

  it('park a crash loop whatever came before it', () => {
    fc.assert(
      fc.property(history, (actions) => {
        const replay = play(actions, () => {});
        const now = T0 + 90_000_000;
        replay.report(makeEvent('SERVICE_CRASH_LOOP', { service: 'cv-service' }), now);
        const own = replay
          .open()
          .find((incident) =>
            [incident, ...incident.members].some(({ fingerprint }) => fingerprint === 'cv-service/SERVICE_CRASH_LOOP'),
          );
        assert.ok(own);
        const moves = [1, 2, 3].map((later) => replay.progress(own.id, false, now + later)?.type);
        assert.ok(moves.includes('park'), `${own.code}: ${moves.join(', ')}`);
      }),
      { numRuns: 200 },
    );
  });
});
