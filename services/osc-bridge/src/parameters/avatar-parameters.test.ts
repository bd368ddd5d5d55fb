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
  parameters.learnAll(new Map([['Hat', { kind: 'bool', writable: true, value: false }]]), 'oscquery');
  assert.deepEqual(
    [parameters.lookUp('Hat'), parameters.lookUp('Mood')],
    [{ kind: 'bool', writable: true, value: false }, 'missing'],
  );
  parameters.forget();
  assert.deepEqual([parameters.lookUp('Hat'), parameters.lookUp('Mood')], ['unknown', 'unknown']);
});

test('the emote of VRChat itself is an int, unless a list lacks it', () => {
  const parameters = createAvatarParameters();
  assert.deepEqual(parameters.lookUp('VRCEmote'), { kind: 'int', writable: true, value: undefined });
  parameters.learnAll(new Map(), 'oscquery');
  assert.equal(parameters.lookUp('VRCEmote'), 'missing');
});

test('the table is bounded; known names are still updated', () => {
  const parameters = createAvatarParameters();
  for (let index = 0; index < MAX_PARAMETERS; index += 1) parameters.heard(`P${index}`, bool(true));
  assert.deepEqual(
    [parameters.heard('OneMore', bool(true)), parameters.heard('P0', bool(false)), parameters.lookUp('OneMore')],
    [false, true, 'unknown'],
  );
});

const HAT_AND_MOOD = new Map([
  ['Hat', { kind: 'bool', writable: true, value: undefined }],
  ['Mood', { kind: 'int', writable: false, value: undefined }],
] as const);

test("the avatar's file is whole, too, and what is heard goes before it: type and value from there, the right to write from the list", () => {
  const parameters = createAvatarParameters();
  parameters.learnAll(HAT_AND_MOOD, 'avatar_file');
  parameters.heard('Mood', integer(3));
  assert.deepEqual(
    ['Hat', 'Mood', 'Tail'].map((name) => parameters.lookUp(name)),
    [{ kind: 'bool', writable: true, value: undefined }, { kind: 'int', writable: false, value: 3 }, 'missing'],
  );
});

for (const [what, name, argument] of [
  ['has another type than the file says', 'Mood', float(0.5)],
  ['is not in the file', 'Tail', bool(true)],
] as const) {
  test(`a stale file (F31): a heard parameter that ${what} makes the others possible again`, () => {
    for (const order of ['file first', 'message first']) {
      const parameters = createAvatarParameters();
      if (order === 'message first') parameters.heard(name, argument);
      parameters.learnAll(HAT_AND_MOOD, 'avatar_file');
      parameters.heard(name, argument);
      const fact = parameters.lookUp(name);
      assert.deepEqual(
        [typeof fact === 'object' && fact.kind, parameters.lookUp('NewOne'), parameters.lookUp('Hat')],
        [argument.type === 'float' ? 'float' : 'bool', 'unknown', { kind: 'bool', writable: true, value: undefined }],
        order,
      );
    }
  });
}

test('what is built in is in no file and makes none stale', () => {
  const parameters = createAvatarParameters();
  parameters.learnAll(HAT_AND_MOOD, 'avatar_file');
  parameters.heard('VelocityX', float(1));
  assert.equal(parameters.lookUp('NewOne'), 'missing');
});
