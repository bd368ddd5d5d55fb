import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bool, float, integer, text } from '../osc/osc-message.ts';
import { createAvatarParameters, MAX_PARAMETERS } from './avatar-parameters.ts';

test('what VRChat sends is known with its type; the rest may exist', () => {
  const parameters = createAvatarParameters();
  parameters.heard('Mood', float(1));
  parameters.heard('Emotion', integer(3));
  parameters.heard('Viseme', integer(2));
  parameters.heard('Name', text('x'));
  assert.deepEqual(
    ['Mood', 'Emotion', 'Viseme', 'Voice', 'Name'].map((name) => parameters.lookUp(name)),
    [
      { kind: 'float', writable: true, value: 1 },
      { kind: 'int', writable: true, value: 3 },
      { kind: 'int', writable: false, value: 2 },
      { kind: 'float', writable: false, value: undefined },
      'unknown',
    ],
  );
});

test("OSCQuery's list is whole: what it lacks is missing, until another avatar", () => {
  const parameters = createAvatarParameters();
  parameters.learnAll(new Map([['Hat', { kind: 'bool', writable: true, value: false }]]));
  assert.deepEqual(
    [parameters.lookUp('Hat'), parameters.lookUp('Mood')],
    [{ kind: 'bool', writable: true, value: false }, 'missing'],
  );
  parameters.forget();
  assert.deepEqual([parameters.lookUp('Hat'), parameters.lookUp('Mood')], ['unknown', 'unknown']);
});

test('the table is bounded; known names are still updated', () => {
  const parameters = createAvatarParameters();
  for (let index = 0; index < MAX_PARAMETERS; index += 1) parameters.heard(`P${index}`, bool(true));
  assert.deepEqual(
    [parameters.heard('OneMore', bool(true)), parameters.heard('P0', bool(false)), parameters.size()],
    [false, true, MAX_PARAMETERS],
  );
});
