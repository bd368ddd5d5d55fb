import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLocalReplies } from './local-replies.ts';

describe('createLocalReplies', () => {
  it('forgets what is older than its time', () => {
    let now = 0;
    const replies = createLocalReplies(
      () => now,
      () => 9,
    );
    replies.set('a', 'A', 100);
    now = 99;
    assert.equal(replies.get('a'), 'A');
    now = 100;
    assert.deepEqual([replies.get('a'), replies.size()], [undefined, 0]);
  });
  it('forgets what was used least recently', () => {
    const replies = createLocalReplies(
      () => 0,
      () => 2,
    );
    replies.set('a', 'A', 1);
    replies.set('b', 'B', 1);
    replies.get('a');
    replies.set('c', 'C', 1);
    assert.deepEqual(['a', 'b', 'c'].map(replies.get), ['A', undefined, 'C']);
  });
  it('says how many it forgot when it is cleared', () => {
    const replies = createLocalReplies(
      () => 0,
      () => 9,
    );
    replies.set('a', 'A', 1);
    replies.set('a', 'A2', 1);
    replies.set('b', 'B', 1);
    assert.deepEqual([replies.clear(), replies.clear(), replies.get('a')], [2, 0, undefined]);
  });
});
