import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Attempt,
  createValidator,
  type Incident,
  IncidentSchema,
  type IncidentStep,
} from '@understudy/shared/contracts';
import fc from 'fast-check';
import { classifyError } from '../classify/classify-error.ts';
import { EMPTY_HISTORY } from '../classify/history.ts';
import { isoAt, makeEvent, T0 } from '../testing/error-events.ts';
import { foldKnown, joinIncident, openIncident } from '../testing/incidents.ts';
import { foldIncident } from './fold-incident.ts';
import { stepsOf } from './record-decision.ts';

const at = isoAt(T0 + 1000);
const attempt = (own: Partial<Attempt> = {}): Attempt => ({
  attempt: 1,
  commandId: 'command-0001',
  label: 'reconnect:1',
  strategy: 'reconnect_retry',
  commands: [],
  probe: { what: 'osc-echo' },
  startedAt: at,
  ...own,
});
const finished = (own: Partial<Attempt> = {}) => attempt({ finishedAt: at, outcome: 'done', verified: false, ...own });
const root = openIncident('OSC_CONNECTION_LOST');
const busy: Incident = {
  ...root,
  state: 'degraded',
  degradedBy: 'feature_off',
  ceilings: { see: { level: 'off', by: 'feature_off' } },
  essential: true,
  attempts: [finished()],
};
const unchanged = { updatedAt: at };

describe('foldIncident', () => {
  it('begins with an opening or a snapshot and passes over the rest', () => {
    const error: IncidentStep = { type: 'occurred', at, errorId: 'error-00001' };
    assert.equal(foldIncident(undefined, [error]), undefined);
    assert.deepEqual(foldIncident(undefined, [error, { type: 'snapshot', at, incident: busy }]), {
      ...busy,
      updatedAt: at,
    });
  });

  const cases: { step: IncidentStep; from?: Incident; changes: Partial<Incident>; without?: (keyof Incident)[] }[] = [
    {
      step: { type: 'occurred', at, errorId: 'error-00001' },
      changes: { occurrences: 2, errorIds: [...root.errorIds, 'error-00001'] },
    },
    {
      step: { type: 'decided', at, strategy: 'cache_fallback', reason: 'so' },
      changes: { strategy: 'cache_fallback' },
    },
    {
      step: { type: 'attempt_started', at, attempt: attempt() },
      changes: { state: 'recovering', attempts: [attempt()] },
    },
    {
      step: { type: 'attempt_started', at, attempt: attempt({ commandId: 'command-0002', lifts: true }) },
      from: busy,
      changes: {
        ceilings: {},
        essential: false,
        attempts: [finished(), attempt({ commandId: 'command-0002', lifts: true })],
      },
    },
    { step: { type: 'attempt_finished', at, attempt: finished(), durationMs: 5 }, changes: { attempts: [finished()] } },
    {
      step: { type: 'attempt_finished', at, attempt: finished({ verified: true }), durationMs: 5 },
      changes: { attempts: [finished({ verified: true })], verifiedAt: at },
    },
    {
      step: {
        type: 'degraded',
        at,
        by: 'no_act',
        verified: false,
        ceilings: { act: { level: 'off', by: 'x' } },
        essential: true,
      },
      changes: {
        state: 'degraded',
        degradedBy: 'no_act',
        ceilings: { act: { level: 'off', by: 'x' } },
        essential: true,
      },
    },
    { step: { type: 'escalated', at, from: 'a', to: 'b', reason: 'so' }, changes: {} },
    { step: { type: 'noticed', at, channel: 'console', detail: 'told' }, changes: {} },
    { step: { type: 'severity_raised', at, from: 'ERROR', to: 'CRITICAL' }, changes: { severity: 'CRITICAL' } },
    { step: { type: 'severity_raised', at, from: 'ERROR', to: 'INFO' }, changes: {} },
    { step: { type: 'acknowledged', at, by: 'operator' }, changes: { acknowledged: true } },
    {
      step: { type: 'parked', at, until: isoAt(T0 + 9000), reason: 'so' },
      changes: { parked: true, nextAttemptAt: isoAt(T0 + 9000) },
    },
    {
      step: { type: 'resumed', at, by: 'operator' },
      from: { ...busy, parked: true, nextAttemptAt: isoAt(T0 + 9000) },
      changes: { parked: false },
      without: ['nextAttemptAt'],
    },
    {
      step: { type: 'resolved', at, reason: 'proved' },
      from: { ...busy, parked: true, nextAttemptAt: isoAt(T0 + 9000) },
      changes: { state: 'resolved', resolvedAt: at, verifiedAt: at, ceilings: {}, essential: false, parked: false },
      without: ['degradedBy', 'nextAttemptAt'],
    },
    {
      step: { type: 'reopened', at, errorId: 'error-00002', summary: 'It cannot be reached for the second time.' },
      from: {
        ...busy,
        state: 'resolved',
        resolvedAt: at,
        verifiedAt: at,
        acknowledged: true,
        members: [{ fingerprint: 'osc-bridge/OSC_PORT_IN_USE' }],
        needsOperator: true,
      },
      changes: {
        state: 'recovering',
        currentSince: isoAt(T0 + 1001),
        regressed: true,
        acknowledged: false,
        needsOperator: false,
        occurrences: 2,
        errorIds: [...root.errorIds, 'error-00002'],
        root: { summary: 'It cannot be reached for the second time.' },
        summary: 'It cannot be reached for the second time.',
        members: [],
        ceilings: {},
        essential: false,
      },
      without: ['resolvedAt', 'verifiedAt', 'degradedBy'],
    },
  ];
  for (const { step, from = root, changes, without = [] } of cases) {
    it(`${step.type} changes ${Object.keys(changes).join(', ') || 'nothing'}`, () => {
      const kept = Object.fromEntries(Object.entries(from).filter(([key]) => !without.includes(key as keyof Incident)));
      assert.deepEqual(foldKnown(from, [step]), { ...kept, ...unchanged, ...changes });
    });
  }

  it('keeps the place of an attempt that ends after a later one began', () => {
    const second = attempt({ commandId: 'command-0002', attempt: 2 });
    const both = foldKnown(root, [
      { type: 'attempt_started', at, attempt: attempt() },
      { type: 'attempt_started', at, attempt: second },
    ]);
    assert.deepEqual(foldKnown(both, [{ type: 'attempt_finished', at, attempt: finished(), durationMs: 1 }]).attempts, [
      finished(),
      second,
    ]);
  });

  it('begins a round that is later than all of the round before, within the same millisecond too', () => {
    const now = isoAt(T0);
    const same = foldKnown(root, [
      { type: 'attempt_finished', at: now, attempt: finished({ startedAt: now, verified: true }), durationMs: 0 },
    ]);
    const reopened = foldKnown(same, [
      { type: 'resolved', at: now, reason: 'proved' },
      { type: 'reopened', at: now, errorId: 'error-00003' },
    ]);
    assert.equal(reopened.currentSince, isoAt(T0 + 1));
  });

  it('keeps the last hundred errors and the last sixty attempts', () => {
    const many = Array.from({ length: 150 }, (_, n) => n);
    const folded = foldKnown(root, [
      ...many.map((n): IncidentStep => ({ type: 'occurred', at, errorId: `occurred-${n}` })),
      ...many.map(
        (n): IncidentStep => ({ type: 'attempt_started', at, attempt: attempt({ commandId: `command-${n}` }) }),
      ),
    ]);
    assert.deepEqual([folded.errorIds.length, folded.errorIds.at(-1), folded.occurrences], [100, 'occurred-149', 151]);
    assert.deepEqual([folded.attempts.length, folded.attempts.at(-1)?.commandId], [60, 'command-149']);
  });

  describe('a joined cause', () => {
    const SEND_FAILED = {
      fingerprint: 'osc-bridge/OSC_SEND_FAILED',
      capability: 'act',
      summary: 'The OSC socket refused to send. OSC Connection Error in a test',
    };

    it('of the same kind begins a new round and is counted', () => {
      const now = T0 + 60_000;
      const { degradedBy: _gone, ...rest } = busy;
      const event = makeEvent('OSC_SEND_FAILED');
      assert.deepEqual(joinIncident(busy, 'OSC_SEND_FAILED', { id: event.id }, now), {
        ...rest,
        state: 'recovering',
        members: [SEND_FAILED],
        errorIds: [...busy.errorIds, event.id],
        occurrences: 2,
        currentSince: isoAt(now),
        updatedAt: isoAt(now),
        ceilings: {},
        essential: false,
      });
    });

    it('that is known already begins a new round and joins once', () => {
      const twice = joinIncident(joinIncident(busy, 'OSC_SEND_FAILED'), 'OSC_SEND_FAILED', {}, T0 + 9000);
      assert.deepEqual(twice.members, [SEND_FAILED]);
      assert.equal(twice.currentSince, isoAt(T0 + 9000));
    });

    it('that is only a symptom leaves the recovery of its root alone', () => {
      const silent: Incident = {
        ...openIncident('SERVICE_SILENT', { service: 'osc-bridge' }),
        state: 'degraded',
        degradedBy: 'no_osc-bridge',
      };
      const { state, degradedBy, currentSince, strategy, members } = joinIncident(
        silent,
        'OSC_CONNECTION_LOST',
        {},
        T0 + 9000,
      );
      assert.deepEqual(
        { state, degradedBy, currentSince, strategy },
        {
          state: 'degraded',
          degradedBy: 'no_osc-bridge',
          currentSince: silent.currentSince,
          strategy: 'reconnect_retry',
        },
      );
      assert.equal(members.length, 1);
    });

    it('on which the root stands is treated first', () => {
      const account = openIncident('SPEECH_ACCOUNT', { subject: 'tts' });
      const { strategy, state } = joinIncident({ ...account, state: 'degraded' }, 'AUDIO_OUTPUT_LOST', {
        subject: 'speakers',
      });
      assert.deepEqual({ strategy, state }, { strategy: 'device_fallback', state: 'recovering' });
    });

    it('that presses more gives the operator its own words', () => {
      const timeout = openIncident('LLM_TIMEOUT', { subject: 'primary' });
      const joined = joinIncident(timeout, 'LLM_QUOTA_EXHAUSTED', { subject: 'primary' });
      assert.deepEqual(
        {
          code: joined.code,
          severity: joined.severity,
          needsOperator: joined.needsOperator,
          summary: joined.summary,
          remedy: joined.remedy.slice(0, 10),
        },
        {
          code: 'LLM_TIMEOUT',
          severity: 'CRITICAL',
          needsOperator: true,
          summary:
            "LLM_QUOTA_EXHAUSTED primary: The model account's quota is used up. Provider Account Error in a test",
          remedy: 'Add credit',
        },
      );
      assert.equal(joinIncident(joined, 'LLM_STALLED', { subject: 'backup' }).summary, joined.summary);
    });

    it('that is graver does so too, and a lesser one does not', () => {
      const crashed = openIncident('SERVICE_CRASHED');
      assert.equal(
        joinIncident(crashed, 'SERVICE_SILENT').summary,
        'SERVICE_SILENT: A service sends no heartbeat. Service Error in a test',
      );
      assert.equal(joinIncident(crashed, 'SERVICE_UNREACHABLE').summary, crashed.summary);
    });

    it('that is the root again tells what happened now', () => {
      const lost = openIncident('AUDIO_DEVICE_LOST', { subject: 'headset', message: 'nothing for 2 s' });
      const back = joinIncident(lost, 'AUDIO_DEVICE_LOST', { subject: 'headset', message: 'its server hangs' });
      assert.equal(back.summary, 'The audio device stopped delivering. its server hangs');
    });

    it('that presses more keeps the words when the root is back', () => {
      const lost = openIncident('AUDIO_DEVICE_LOST', { subject: 'headset' });
      const held = joinIncident(lost, 'AUDIO_PORT_IN_USE', { subject: 'udp:6980' });
      assert.equal(joinIncident(held, 'AUDIO_DEVICE_LOST', { subject: 'headset' }).summary, held.summary);
    });

    it('takes its words with it: the root that reopens the incident speaks for itself', () => {
      const lost = openIncident('AUDIO_DEVICE_LOST', { subject: 'headset', message: 'nothing for 2 s' });
      const held = joinIncident(lost, 'AUDIO_PORT_IN_USE', { subject: 'udp:6980', message: 'held by process 24346' });
      assert.match(held.summary, /24346/);
      const error = classifyError(
        makeEvent('AUDIO_DEVICE_LOST', { subject: 'headset', message: 'it was unplugged' }),
        EMPTY_HISTORY,
        T0,
      );
      const decision = { type: 'reopen', incidentId: held.id, strategy: 'device_fallback', reason: 'a test' } as const;
      const steps = stepsOf(error, decision, held, T0)?.steps ?? [];
      const reopened = foldKnown(held, [{ type: 'resolved', at, reason: 'proved' }, ...steps]);
      assert.deepEqual(
        [reopened.summary, reopened.remedy, reopened.userMessage],
        ['The audio device stopped delivering. it was unplugged', lost.remedy, lost.userMessage],
      );
    });

    describe('of another provider', () => {
      const quota = openIncident('LLM_QUOTA_EXHAUSTED', { subject: 'primary', message: 'no credit' });
      const both = joinIncident(quota, 'LLM_TIMEOUT', { subject: 'backup', message: 'nothing in 8 s' }, T0 + 1000);
      let probes = 0;
      const probed = (incident: Incident, subject: string, verified: boolean, startedAt = incident.currentSince) => {
        probes += 1;
        const proof = finished({
          commandId: `probe-000${probes}`,
          probe: { what: 'provider-answers', subject },
          startedAt,
          verified,
        });
        return foldKnown(incident, [{ type: 'attempt_finished', at: startedAt, attempt: proof, durationMs: 1 }]);
      };
      const told = ({ summary, remedy, needsOperator }: Incident) => [summary, remedy.split(' ')[0], needsOperator];
      const OF_PRIMARY = ["The model account's quota is used up. no credit", 'Add', true];
      const OF_BACKUP = [
        'LLM_TIMEOUT backup: The model did not answer within its deadline. nothing in 8 s',
        'Nothing,',
        false,
      ];

      it('has the words once the root is over, for as long as it is', () => {
        assert.deepEqual(told(both), OF_PRIMARY);
        const paid = probed(both, 'primary', true);
        assert.deepEqual(told(paid), OF_BACKUP);
        assert.deepEqual(told(probed(paid, 'primary', false)), OF_PRIMARY);
        const again = joinIncident(paid, 'LLM_BAD_KEY', { subject: 'primary', message: 'HTTP 401' }, T0 + 2000);
        assert.match(again.summary, /^LLM_BAD_KEY primary: .* HTTP 401$/);
      });

      it('leaves what is over as it is when it begins a new round', () => {
        const paid = probed(both, 'primary', true);
        assert.deepEqual(told(joinIncident(paid, 'LLM_STALLED', { subject: 'backup' }, T0 + 2000)), OF_BACKUP);
      });

      it('has them again, its newest ones, when it comes back', () => {
        const mended = probed(probed(both, 'primary', true), 'backup', true);
        const back = joinIncident(mended, 'LLM_TIMEOUT', { subject: 'backup', message: 'nothing in 9 s' }, T0 + 2000);
        assert.match(back.summary, /^LLM_TIMEOUT backup: .* nothing in 9 s$/);
        assert.equal(back.members.length, 1);
      });

      it('gives them back in the end: an incident that is resolved tells of the worst', () => {
        const mended = probed(probed(both, 'primary', true), 'backup', true);
        assert.deepEqual(told(mended), OF_PRIMARY);
        const resolved = foldKnown(probed(both, 'primary', true), [{ type: 'resolved', at, reason: 'proved' }]);
        assert.deepEqual(told(resolved), OF_PRIMARY);
      });

      it('is not ended by a look that began before it was told', () => {
        const before = isoAt(Date.parse(both.currentSince) - 1);
        assert.deepEqual(told(probed(both, 'primary', true, before)), OF_PRIMARY);
      });

      it('speaks by the table where an older version wrote the whole incident', () => {
        const { root: _root, ...rest } = both;
        const members = both.members.map(({ summary: _summary, ...member }) => member);
        const old = foldIncident(undefined, [{ type: 'snapshot', at, incident: { ...rest, members } }]);
        assert.ok(old);
        assert.deepEqual(told(old), OF_PRIMARY);
        assert.equal(
          probed(old, 'primary', true).summary,
          'LLM_TIMEOUT backup: The model did not answer within its deadline.',
        );
      });
    });

    it('does not end a parking', () => {
      const parked: Incident = {
        ...openIncident('SERVICE_CRASH_LOOP'),
        parked: true,
        nextAttemptAt: isoAt(T0 + 60_000),
      };
      const during = joinIncident(parked, 'SERVICE_CRASHED', {}, T0 + 59_000);
      assert.deepEqual([during.parked, during.nextAttemptAt], [true, isoAt(T0 + 60_000)]);
      const after = joinIncident(parked, 'SERVICE_CRASHED', {}, T0 + 61_000);
      assert.deepEqual([after.parked, after.nextAttemptAt], [false, undefined]);
    });
  });
});

describe('any sequence of steps', () => {
  const validate = createValidator(IncidentSchema);
  const time = fc.integer({ min: 0, max: 100_000 }).map((ms) => isoAt(T0 + ms));
  const id = fc.constantFrom('error-00001', 'error-00002', 'command-01', 'command-02');
  const anyAttempt = fc
    .record({ commandId: id, verified: fc.boolean(), lifts: fc.boolean(), startedAt: time })
    .map((own) => finished(own));
  const step: fc.Arbitrary<IncidentStep> = fc.oneof(
    fc.record({ type: fc.constant('occurred' as const), at: time, errorId: id }),
    fc.record({ type: fc.constant('attempt_started' as const), at: time, attempt: anyAttempt }),
    fc.record({
      type: fc.constant('attempt_finished' as const),
      at: time,
      attempt: anyAttempt,
      durationMs: fc.nat(10),
    }),
    fc.record({ type: fc.constant('reopened' as const), at: time, errorId: id }),
    fc.record({ type: fc.constant('resolved' as const), at: time, reason: fc.constant('proved') }),
    fc.record({ type: fc.constant('parked' as const), at: time, until: time, reason: fc.constant('so') }),
    fc.record({ type: fc.constant('resumed' as const), at: time, by: fc.constant('operator') }),
    fc.record({ type: fc.constant('acknowledged' as const), at: time, by: fc.constant('operator') }),
    fc.record({
      type: fc.constant('degraded' as const),
      at: time,
      by: fc.constantFrom('no_act', 'text_only'),
      verified: fc.boolean(),
      ceilings: fc.constantFrom<Incident['ceilings']>({}, { see: { level: 'off', by: 'feature_off' } }),
      essential: fc.boolean(),
    }),
    fc.record({
      type: fc.constant('joined' as const),
      at: time,
      errorId: id,
      fingerprint: fc.constantFrom(
        'osc-bridge/OSC_PORT_IN_USE',
        'osc-bridge/OSC_SEND_FAILED',
        'osc-bridge/OSC_CONNECTION_LOST',
      ),
      code: fc.constant('OSC_PORT_IN_USE'),
      severity: fc.constantFrom('CRITICAL' as const, 'WARNING' as const),
      needsOperator: fc.boolean(),
    }),
  );
  const steps = fc.array(step, { maxLength: 40 });

  it('folds to an incident that keeps its invariants', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const incident = foldKnown(root, taken);
        const checked = validate(incident);
        assert.ok(checked.ok, checked.ok ? '' : checked.reason);
        const isResolved = incident.state === 'resolved';
        assert.ok(!isResolved || incident.resolvedAt !== undefined, 'resolved since when');
        if (isResolved)
          assert.deepEqual([incident.ceilings, incident.essential, incident.degradedBy], [{}, false, undefined]);
        if (incident.degradedBy !== undefined) assert.equal(incident.state, 'degraded');
        assert.ok(incident.parked || incident.nextAttemptAt === undefined, 'waits for nothing unless it is parked');
        const fingerprints = [incident, ...incident.members].map(({ fingerprint }) => fingerprint);
        assert.equal(new Set(fingerprints).size, fingerprints.length, 'each cause once');
      }),
    );
  });

  it('folds the same whether it is replayed step by step, in one go, or after a snapshot', () => {
    fc.assert(
      fc.property(steps, fc.nat(40), (taken, cut) => {
        const whole = foldKnown(root, taken);
        const single = taken.reduce((incident, one) => foldKnown(incident, [one]), root);
        assert.deepEqual(single, whole);
        const before = foldKnown(root, taken.slice(0, cut));
        const snapshot: IncidentStep = { type: 'snapshot', at: before.updatedAt, incident: before };
        assert.deepEqual(foldIncident(undefined, [snapshot, ...taken.slice(cut)]), whole);
      }),
    );
  });
});
