import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createViolations } from '../record/violations.ts';
import { createHeldInputs } from './held-inputs.ts';

function setUp() {
  let time = 0;
  const violations = createViolations(() => time);
  const inputs = createHeldInputs(() => time, violations);
  return {
    inputs,
    at: (ms: number) => {
      time = ms;
    },
    press: (name: string, tags: string, value: number) =>
      inputs.input({ address: `/input/${name}`, tags, values: [value] }),
    violations: () => violations.list().map(({ rule, detail }) => [rule, detail]),
  };
}

test('what is not reset stays held', () => {
  const { inputs, press } = setUp();
  assert.deepEqual(press('Vertical', 'f', 0.5), { name: 'Vertical', pressed: true });
  press('Jump', 'i', 1);
  assert.deepEqual(press('Jump', 'i', 0), { name: 'Jump', pressed: false });
  assert.deepEqual(inputs.held(), { Vertical: 0.5 });
});

test('an absence tells what was held when it began and what was released after it', () => {
  const { inputs, press, at } = setUp();
  press('Vertical', 'f', 1);
  press('Run', 'i', 1);
  press('Jump', 'i', 1);
  press('Jump', 'i', 0);
  at(1000);
  inputs.vanished();
  at(5000);
  inputs.returned();
  press('Vertical', 'f', 0);
  press('Vertical', 'f', 0);
  press('Jump', 'i', 0);
  assert.deepEqual(inputs.absences(), [
    { from: 1000, until: 5000, heldWhenItVanished: { Vertical: 1, Run: 1 }, releasedAfterReturn: ['Vertical'] },
  ]);
  assert.deepEqual(inputs.held(), { Run: 1 });
});

test('unknown names, wrong types and values out of range change nothing and are noted', () => {
  const { inputs, press, violations } = setUp();
  press('Fly', 'f', 1);
  press('Vertical', 'i', 1);
  press('Jump', 'T', 1);
  press('Vertical', 'f', 1.01);
  press('Vertical', 'f', Number.NaN);
  press('Jump', 'i', 2);
  assert.deepEqual(inputs.held(), {});
  assert.deepEqual(violations(), [
    ['input_unknown', 'VRChat has no input Fly'],
    ['input_wrong_types', "Vertical takes ',f', ',i' came"],
    ['input_wrong_types', "Jump takes ',i', ',T' came"],
    ['input_out_of_range', 'Vertical takes -1 to 1, 1.01 came'],
    ['input_out_of_range', 'Vertical takes -1 to 1, NaN came'],
    ['input_out_of_range', 'Jump takes 0 or 1, 2 came'],
  ]);
});
