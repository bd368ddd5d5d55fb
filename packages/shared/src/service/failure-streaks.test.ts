import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFailureStreaks } from './failure-streaks.ts';

function setUp(kind?: string) {
  const values: Record<string, number> = {};
  const streaks = createFailureStreaks(
    {
      set(_name, labels, value) {
        if ('peer' in labels) values[labels.peer] = value;
      },
    },
    kind,
  );
  return { streaks, values };
}

test('counts failures in a row from the start until one works', () => {
  const { streaks, values } = setUp('llm');
  streaks.expect(['primary', 'backup']);
  assert.deepEqual(values, { 'llm:primary': 0, 'llm:backup': 0 });
  streaks.failed('primary');
  streaks.failed('primary');
  assert.deepEqual(values, { 'llm:primary': 2, 'llm:backup': 0 });
  streaks.worked('primary');
  streaks.failed('primary');
  assert.deepEqual(values, { 'llm:primary': 1, 'llm:backup': 0 });
});

test('one that a reload removes is left at 0, and the others begin anew', () => {
  const { streaks, values } = setUp();
  streaks.expect(['gone', 'stays']);
  streaks.failed('gone');
  streaks.failed('stays');
  streaks.expect(['stays']);
  assert.deepEqual(values, { gone: 0, stays: 0 });
});
