import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLevelHistory } from './level-history.ts';

function historyOf(levels: string) {
  const history = createLevelHistory();
  for (const level of levels) history.note(level);
  return history;
}

test('a level that was only passed through has come, and what came before it is not asked for again', () => {
  const history = historyOf('abc');
  assert.deepEqual(['b', 'a', 'c', 'c'].map(history.hasCome), [true, false, true, false]);
});

test('what came before the cause does not count, not even when it holds still', () => {
  const history = historyOf('ab');
  history.begin();
  assert.deepEqual(['a', 'b'].map(history.hasCome), [false, false]);
  history.note('b');
  assert.equal(history.hasCome('b'), false);
  history.note('a');
  assert.equal(history.hasCome('a'), true);
});

test('a level that is told again and again is there once', () => {
  assert.deepEqual(historyOf('aabba').levels, ['a', 'b', 'a']);
});
