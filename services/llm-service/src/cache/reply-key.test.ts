import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normaliseText, personaVersion, replyKey } from './reply-key.ts';

describe('normaliseText', () => {
  it('takes the same words for the same', () => {
    const spellings = ['What is your name?', ' what  IS your name', 'what is your name 🙂', 'Ｗｈａｔ is your name!'];
    assert.deepEqual([...new Set(spellings.map(normaliseText))], ['what is your name']);
  });
  it('keeps words of all scripts', () =>
    assert.equal(normaliseText('お名前は？ Wie heißt du?'), 'お名前は wie heißt du'));
});

describe('replyKey', () => {
  it('is one for the same words and another for another persona', () => {
    const [mika, rin] = [personaVersion({ name: 'Mika', prompt: 'p' }), personaVersion({ name: 'Rin', prompt: 'p' })];
    assert.equal(replyKey('Hello!', mika), replyKey('hello', mika));
    assert.notEqual(replyKey('Hello!', mika), replyKey('Hello!', rin));
    assert.notEqual(replyKey('Hello!', mika), replyKey('Bye!', mika));
    assert.match(replyKey('Hello!', mika) ?? '', /^[\da-f]{12}:[\da-f]{32}$/);
  });
  it('is none for a text without words', () => assert.equal(replyKey('?! 🙂', 'v'), undefined));
});
