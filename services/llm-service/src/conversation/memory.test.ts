import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemory, IDLE_AFTER_MS } from './memory.ts';

const turn = (text: string) => ({ text, answer: `re ${text}` });

describe('createMemory', () => {
  it('keeps the last turns of each session apart', () => {
    const memory = createMemory(() => 0);
    for (const text of ['1', '2', '3']) memory.remember('a', turn(text), 2);
    memory.remember('b', turn('x'), 2);
    assert.deepEqual(memory.recall('a', 9), [turn('2'), turn('3')]);
    assert.deepEqual(memory.recall('a', 1), [turn('3')]);
    assert.deepEqual(memory.recall('a', 0), []);
    assert.deepEqual(memory.recall('b', 9), [turn('x')]);
  });
  it('forgets the session that was used least recently', () => {
    const memory = createMemory(() => 0, 2);
    for (const id of ['a', 'b', 'a', 'c']) memory.remember(id, turn(id), 5);
    assert.deepEqual(
      [memory.recall('a', 9).length, memory.recall('b', 9).length, memory.recall('c', 9).length],
      [2, 0, 1],
    );
  });
  it('forgets idle sessions when it is asked to, and only those', () => {
    let now = 0;
    const memory = createMemory(() => now);
    memory.remember('old', turn('1'), 5);
    now = IDLE_AFTER_MS;
    memory.remember('new', turn('2'), 5);
    assert.equal(memory.forgetIdle(), 1);
    assert.deepEqual([memory.recall('old', 9), memory.recall('new', 9)], [[], [turn('2')]]);
  });
  it('trims one session, keeps nothing when nothing may be kept', () => {
    const memory = createMemory(() => 0);
    for (const text of ['1', '2', '3']) memory.remember('a', turn(text), 9);
    memory.trim('a', 1);
    assert.deepEqual(memory.recall('a', 9), [turn('3')]);
    memory.remember('a', turn('4'), 0);
    assert.deepEqual(memory.recall('a', 9), []);
  });
});
