import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputMessage, isInputName, judgeInputValue } from './input-table.ts';

test('an axis is sent as a float even when it is whole, a button as an integer', () => {
  assert.deepEqual(inputMessage('Vertical', 1), { address: '/input/Vertical', args: [{ type: 'float', value: 1 }] });
  assert.deepEqual(inputMessage('Jump', 1), { address: '/input/Jump', args: [{ type: 'integer', value: 1 }] });
});

test('values that VRChat would drop are refused with the range', () => {
  assert.equal(judgeInputValue('Vertical', -0.5), undefined);
  assert.equal(judgeInputValue('Vertical', Number.NaN), 'Vertical is an axis: it takes -1 to 1');
  assert.equal(judgeInputValue('Jump', 0.5), 'Jump is a button: it takes 0 or 1');
});

test('the bot cannot mute itself or hide everybody', () => {
  assert.deepEqual(['Voice', 'PanicButton', 'Jump'].map(isInputName), [false, false, true]);
});
