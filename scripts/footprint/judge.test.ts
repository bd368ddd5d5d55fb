import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BUDGETS, belongsTo, LIMITS, memoryIn } from './budget.ts';
import { exceeded, type Measured, measure, rowsOf, sumOf } from './judge.ts';

const MIB = 1024 * 1024;
const atBudget = new Map<string, Measured>(Object.entries(BUDGETS));

describe('the footprint', () => {
  it('has budgets that fit into the limits of both stacks', () => {
    for (const stack of ['full', 'lite'] as const) {
      const budgets = Object.values(BUDGETS).filter((budget) => belongsTo(stack, budget));
      const memory = budgets.reduce((sum, budget) => sum + memoryIn(stack, budget), 0);
      const processor = budgets.reduce((sum, budget) => sum + budget.processor, 0);
      assert.ok(memory <= LIMITS[stack].memoryMib, `${stack}: ${memory} MiB`);
      assert.ok(processor <= LIMITS[stack].processor + 1e-9, `${stack}: ${processor} %`);
    }
  });

  it('takes the median of memory and the mean of processor time', () =>
    assert.deepEqual(
      measure([
        { atMs: 0, memoryBytes: 90 * MIB, processorNs: 5e8 },
        { atMs: 5000, memoryBytes: 10 * MIB, processorNs: 6e8 },
        { atMs: 10_000, memoryBytes: 20 * MIB, processorNs: 7e8 },
      ]),
      { memoryMib: 20, processor: 2 },
    ));

  it('counts the budget of what cannot be run, and no simulator', () => {
    const rows = rowsOf('lite', new Map<string, Measured>([['simulators', { memoryMib: 9999, processor: 99 }]]));
    const budgets = Object.values(BUDGETS).filter(({ in: stack }) => stack === 'lite');
    assert.equal(
      sumOf(rows).memoryMib,
      budgets.reduce((sum, { memoryMib }) => sum + memoryMib, 0),
    );
  });

  it('names what is above its budget, and the sum', () => {
    assert.deepEqual(exceeded('full', rowsOf('full', atBudget)), []);
    const heavy = rowsOf('full', new Map(atBudget).set('loki', { memoryMib: 900, processor: 0 }));
    assert.match(
      exceeded('full', heavy).join('\n'),
      /^loki takes 900 MiB, its budget is 133\nthe full stack takes \d+ MiB, its budget is 800$/,
    );
  });
});
