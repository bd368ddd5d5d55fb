import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { createAnswerDeadlines } from './answer-deadlines.ts';

describe('createAnswerDeadlines', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());
  const start = (caller = new AbortController()) =>
    createAnswerDeadlines({ firstTokenMs: 100, nextTokenMs: 30 }, caller.signal);
  const state = ({ signal, expired }: ReturnType<typeof start>) => ({ aborted: signal.aborted, expired: expired() });

  it('gives the first token its time', () => {
    const deadlines = start();
    mock.timers.tick(99);
    assert.deepEqual(state(deadlines), { aborted: false, expired: undefined });
    mock.timers.tick(1);
    assert.deepEqual(state(deadlines), { aborted: true, expired: 'first_token' });
  });
  it('gives each further token its own', () => {
    const deadlines = start();
    mock.timers.tick(90);
    deadlines.onText();
    mock.timers.tick(29);
    deadlines.onText();
    mock.timers.tick(29);
    assert.deepEqual(state(deadlines), { aborted: false, expired: undefined });
    mock.timers.tick(1);
    assert.deepEqual(state(deadlines), { aborted: true, expired: 'next_token' });
  });
  it('passes on that the caller has given up, without calling it late', () => {
    const caller = new AbortController();
    const deadlines = start(caller);
    caller.abort();
    assert.deepEqual(state(deadlines), { aborted: true, expired: undefined });
    deadlines.stop();
  });
  it('keeps no timer when stopped', () => {
    const deadlines = start();
    deadlines.stop();
    mock.timers.tick(1000);
    assert.deepEqual(state(deadlines), { aborted: false, expired: undefined });
  });
});
