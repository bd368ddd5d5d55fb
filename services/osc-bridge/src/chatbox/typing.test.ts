import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTyping, TYPING_LEASE_MS, TYPING_UNKNOWN, typingAfterSentence } from './typing.ts';

test('at the start the bubble is put out, once', () => {
  const first = nextTyping(TYPING_UNKNOWN, 0);
  assert.deepEqual(first, { typing: { lit: false, until: 0 }, send: false });
  assert.deepEqual(nextTyping(first.typing, 100), { typing: first.typing, send: undefined });
});

test('it is lit by a sentence that is not the last, once, and put out by the last', () => {
  const lit = nextTyping(typingAfterSentence({ lit: false, until: 0 }, false, 1000), 1000);
  assert.deepEqual(lit, { typing: { lit: true, until: 1000 + TYPING_LEASE_MS }, send: true });
  const renewed = nextTyping(typingAfterSentence(lit.typing, false, 3000), 3000);
  assert.deepEqual(renewed, { typing: { lit: true, until: 3000 + TYPING_LEASE_MS }, send: undefined });
  assert.deepEqual(nextTyping(typingAfterSentence(renewed.typing, true, 4000), 4000), {
    typing: { lit: false, until: 0 },
    send: false,
  });
});

test('it goes out by itself when no sentence follows', () => {
  const lit = { lit: true, until: TYPING_LEASE_MS };
  assert.equal(nextTyping(lit, TYPING_LEASE_MS - 1).send, undefined);
  assert.equal(nextTyping(lit, TYPING_LEASE_MS).send, false);
});
