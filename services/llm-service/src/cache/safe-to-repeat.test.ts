import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Exchange, isSafeToRepeat } from './safe-to-repeat.ts';

const exchange = (more: Partial<Exchange>): Exchange => ({
  question: 'What is your name?',
  reply: 'My name is Mika. I love a good conversation.',
  viewers: [],
  sights: [],
  ...more,
});

const CASES: readonly [string, Partial<Exchange>, boolean][] = [
  ['a question to anybody', {}, true],
  ['the line of the injection test', { question: 'test message', reply: 'So message it is. Tell me more?' }, true],
  ['a greeting', { question: 'hello!', reply: 'Hello there, welcome in!', viewers: ['Anna'] }, true],
  ["a viewer's name in the reply", { reply: 'Hello Anna, I am Mika.', viewers: ['anna'] }, false],
  ["a part of another viewer's name", { reply: 'Ask Bob, he knows.', viewers: ['anna', 'Bob_the_great'] }, false],
  ['the time', { question: 'What time is it?' }, false],
  ['a day', { question: 'Are you here tomorrow?' }, false],
  ['the moment in the reply', { reply: 'What brings you here tonight?' }, false],
  ['a clock in the reply', { reply: 'It is 21:30.' }, false],
  ['what is seen', { question: 'What do you see?' }, false],
  ['what is worn', { question: 'Do you like the hat I am wearing?' }, false],
  ['what is seen, in the reply alone', { reply: 'Oh, the spotlight flickers.', sights: ['A spotlight moves.'] }, false],
  ['what was said before', { question: 'And why do you think so?' }, false],
  ['a pointing word', { question: 'that is funny' }, false],
  ['a reply that remembers', { reply: 'As I said, I love tea.' }, false],
  ['about the viewer', { question: 'I am sad, what do I do with my life?' }, false],
  ['a long question', { question: 'why '.repeat(60) }, false],
  ['a long reply', { reply: 'Well. '.repeat(120) }, false],
  ['a reply that was cut', { reply: 'My name is…' }, false],
];

describe('isSafeToRepeat', () => {
  for (const [name, more, safe] of CASES)
    it(`${name}: ${safe}`, () => assert.equal(isSafeToRepeat(exchange(more)), safe));
});
