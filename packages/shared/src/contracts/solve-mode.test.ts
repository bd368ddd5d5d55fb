import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  CAPABILITIES,
  type Capability,
  type CapabilityStates,
  combine,
  FULL_CEILINGS,
  LEVELS,
  type Level,
  type Observed,
} from './capabilities.ts';
import { LIMITS, MODES, solveMode } from './solve-mode.ts';

const full = { level: 'full', by: 'works' } as const;
const ALL_FULL: Observed = { hear: full, speak: full, think: full, act: full, see: full };
const observed = (capability: Capability, level: Level, by = 'test'): CapabilityStates =>
  combine({ ...ALL_FULL, [capability]: { level, by } }, FULL_CEILINGS);

describe('the mode', () => {
  const rows: readonly [name: string, capabilities: CapabilityStates, essential: boolean, mode: string][] = [
    ['everything works', observed('hear', 'full'), false, 'full'],
    ['memory pressure', observed('hear', 'full'), true, 'essential'],
    ['hear off', observed('hear', 'off'), false, 'text_only'],
    ['speak off', observed('speak', 'off'), false, 'text_only'],
    ['think off', observed('think', 'off'), false, 'scripted'],
    ['think by pattern', observed('think', 'degraded', 'pattern'), false, 'scripted'],
    ['think by a backup', observed('think', 'degraded', 'provider:backup'), false, 'full'],
    ['act off', observed('act', 'off'), false, 'no_avatar'],
    ['see off', observed('see', 'off'), false, 'no_vision'],
    ['act degraded', observed('act', 'degraded'), false, 'full'],
  ];
  for (const [name, capabilities, essential, mode] of rows) {
    it(`${name}: ${mode}`, () => {
      assert.deepEqual(solveMode(capabilities, essential), { mode, limits: mode === 'full' ? [] : [mode] });
    });
  }

  it('counts a ceiling like an observation', () => {
    const ceilings = { ...FULL_CEILINGS, act: { level: 'off', by: 'operator' } } as const;
    assert.deepEqual(solveMode(combine(ALL_FULL, ceilings), false), { mode: 'no_avatar', limits: ['no_avatar'] });
  });

  it('lists everything that holds, in the order that names the mode', () => {
    assert.deepEqual(solveMode(combine({}, FULL_CEILINGS), true), {
      mode: 'essential',
      limits: ['essential', 'text_only', 'scripted', 'no_avatar', 'no_vision'],
    });
    assert.deepEqual(MODES, ['full', ...LIMITS]);
  });

  it('is the first limit, and no limit holds that a better level would add', () => {
    const level = fc.constantFrom(...LEVELS);
    const levels = fc.record({ hear: level, speak: level, think: level, act: level, see: level });
    fc.assert(
      fc.property(levels, fc.boolean(), fc.constantFrom(...CAPABILITIES), (drawn, essential, mended) => {
        const state = (of: Record<Capability, Level>) =>
          combine(
            Object.fromEntries(CAPABILITIES.map((name) => [name, { level: of[name], by: 'test' }])),
            FULL_CEILINGS,
          );
        const { mode, limits } = solveMode(state(drawn), essential);
        assert.equal(mode, limits[0] ?? 'full');
        assert.deepEqual(
          limits,
          LIMITS.filter((limit) => limits.includes(limit)),
        );
        const better = solveMode(state({ ...drawn, [mended]: 'full' }), essential);
        assert.deepEqual(
          better.limits.filter((limit) => !limits.includes(limit)),
          [],
        );
      }),
    );
  });
});
