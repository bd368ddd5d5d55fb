import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createBlockedWords } from './blocked-words.ts';

const isBlocked = createBlockedWords(['badword', 'ass', 'go away', 'Straße', '馬鹿', 'дурак', 'idiot']);

const BLOCKED = [
  'You badword!',
  'BADWORD',
  'Ｂａｄｗｏｒｄ.',
  'bádwörd',
  'b a d w o r d',
  'b.a.d.w.o.r.d',
  'b4dw0rd',
  'baaaadword',
  'bad\u200Bword',
  'ьadword b\u0430dword',
  '1d1ot, really',
  'id!ot',
  'Well, go  away now',
  'GO... AWAY!',
  'die STRASSE',
  'お前は馬鹿だ',
  '馬 鹿',
  'Ты Дурак!',
  'an a$$',
];
const SAID = [
  'I passed the class with my bass.',
  'as good as it gets',
  'badwords are many',
  'go far away',
  'Hi! I am 10 years old!',
  'I a m fine',
  '馬が好き',
  '',
  '!!! ???',
];

describe('createBlockedWords', () => {
  for (const text of BLOCKED) it(`blocks ${JSON.stringify(text)}`, () => assert.equal(isBlocked(text), true));
  for (const text of SAID) it(`lets ${JSON.stringify(text)} through`, () => assert.equal(isBlocked(text), false));
  it('blocks nothing without words', () => assert.equal(createBlockedWords([])('anything'), false));
  it('finds its word in whatever stands around it, and throws at nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        assert.equal(createBlockedWords(['badword'])(`${before} badword ${after}`), true);
        createBlockedWords([before, after])(after + before);
      }),
      { numRuns: 500 },
    );
  });
});
