import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CAPABILITIES, combine, effective, FULL_CEILINGS, LEVELS, type LevelBy, UNKNOWN } from './capabilities.ts';

const levelBy = fc.record({ level: fc.constantFrom(...LEVELS), by: fc.string({ minLength: 1, maxLength: 20 }) });

describe('a capability', () => {
  it('counts as the lower of observed and ceiling; at a tie the observation explains', () => {
    fc.assert(
      fc.property(levelBy, levelBy, (observed, ceiling) => {
        const lower = Math.min(LEVELS.indexOf(observed.level), LEVELS.indexOf(ceiling.level));
        const result = effective({ observed, ceiling });
        assert.equal(result.level, LEVELS[lower]);
        assert.equal(result, result.level === observed.level ? observed : ceiling);
      }),
    );
  });

  it('orders its levels off < degraded < full', () => {
    assert.deepEqual(LEVELS, ['off', 'degraded', 'full']);
  });
});

describe('combine', () => {
  it('puts each observation beside its ceiling, and counts no owner that was not heard of', () => {
    const mic: LevelBy = { level: 'full', by: 'device:mic' };
    const shut: LevelBy = { level: 'off', by: 'operator' };
    const free = FULL_CEILINGS.act;
    assert.deepEqual(combine({ hear: mic, act: mic }, { ...FULL_CEILINGS, act: shut }), {
      hear: { observed: mic, ceiling: free },
      speak: { observed: UNKNOWN, ceiling: free },
      think: { observed: UNKNOWN, ceiling: free },
      act: { observed: mic, ceiling: shut },
      see: { observed: UNKNOWN, ceiling: free },
    });
  });

  it('calls everything off while nobody was heard of', () => {
    const states = combine({}, FULL_CEILINGS);
    assert.deepEqual(
      CAPABILITIES.map((capability) => effective(states[capability])),
      CAPABILITIES.map(() => ({ level: 'off', by: 'not_heard_of' })),
    );
  });
});
