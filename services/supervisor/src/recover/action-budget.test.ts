import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createActionBudget } from './action-budget.ts';

const HOUR_MS = 3_600_000;

it('the action budget says how long to wait, counts only what it allowed, and forgets after an hour', () => {
  const budget = createActionBudget(() => 3);
  assert.equal(budget.take(2, 0), 0);
  assert.equal(budget.take(0, 0), 0);
  assert.equal(budget.take(2, 1000), HOUR_MS - 1000);
  assert.equal(budget.take(1, 2000), 0);
  assert.equal(budget.take(1, HOUR_MS - 1), 1);
  assert.equal(budget.take(1, HOUR_MS), 0);
});

it('a clock that is set back frees what was spent at a time that is not yet', () => {
  const budget = createActionBudget(() => 1);
  assert.equal(budget.take(1, 24 * HOUR_MS), 0);
  assert.equal(budget.take(1, HOUR_MS), 0);
  assert.equal(budget.take(1, HOUR_MS), HOUR_MS);
});
