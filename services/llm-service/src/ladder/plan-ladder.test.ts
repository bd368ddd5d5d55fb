import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type LadderState, type PlannedRung, planLadder, shutAbove } from './plan-ladder.ts';
import type { ForcedRung, RungName } from './rungs.ts';

const provider = (name: string, mayRetry = false): PlannedRung => ({ type: 'provider', name, mayRetry });
const CACHE: PlannedRung = { type: 'cache' };
const PATTERN: PlannedRung = { type: 'pattern' };

const state = (admits: readonly boolean[], more: Partial<LadderState> = {}): LadderState => ({
  providers: admits.map((admitted, index) => ({ name: `p${index}`, admits: admitted })),
  forced: 'auto',
  mayThink: true,
  ...more,
});

const CASES: readonly [string, LadderState, { rungs: PlannedRung[]; shut: string[] }][] = [
  ['all answer', state([true, true]), { rungs: [provider('p0'), provider('p1', true), CACHE, PATTERN], shut: [] }],
  ['the first is shut', state([false, true]), { rungs: [provider('p1', true), CACHE, PATTERN], shut: ['p0'] }],
  ['all are shut', state([false, false]), { rungs: [CACHE, PATTERN], shut: ['p0', 'p1'] }],
  [
    'begins at a provider',
    state([true, true], { forced: 'provider:p1' }),
    { rungs: [provider('p1', true), CACHE, PATTERN], shut: [] },
  ],
  [
    'begins at one that is no longer there',
    state([true], { forced: 'provider:x' }),
    { rungs: [provider('p0', true), CACHE, PATTERN], shut: [] },
  ],
  ['begins at the cache', state([true], { forced: 'cache' }), { rungs: [CACHE, PATTERN], shut: [] }],
  ['begins at the pattern', state([true], { forced: 'pattern' }), { rungs: [PATTERN], shut: [] }],
  ['may not think', state([true], { mayThink: false }), { rungs: [PATTERN], shut: [] }],
];

describe('planLadder', () => {
  for (const [name, given, plan] of CASES) it(name, () => assert.deepEqual(planLadder(given), plan));

  it('always ends at the pattern, asks nobody twice and nobody who is shut', () => {
    const forced = fc.constantFrom<ForcedRung>('auto', 'cache', 'pattern', 'provider:p0', 'provider:p2');
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 4 }), forced, fc.boolean(), (admits, begin, mayThink) => {
        const given = state(admits, { forced: begin, mayThink });
        const { rungs } = planLadder(given);
        const asked = rungs.flatMap((rung) => (rung.type === 'provider' ? rung.name : []));
        assert.deepEqual(rungs.at(-1), PATTERN);
        assert.equal(new Set(asked).size, asked.length);
        assert.ok(asked.every((name) => given.providers.find((one) => one.name === name)?.admits));
      }),
    );
  });
});

describe('shutAbove', () => {
  it('is who would have been asked before', () => {
    const plan = planLadder(state([false, true, false]));
    const above = (rung: RungName) => shutAbove(plan, rung, ['p0', 'p1', 'p2']);
    assert.deepEqual([above('provider:p1'), above('cache'), above('pattern')], [['p0'], ['p0', 'p2'], ['p0', 'p2']]);
  });
});
