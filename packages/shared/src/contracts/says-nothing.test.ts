import assert from 'node:assert/strict';
import { it } from 'node:test';
import { saysNothing } from './says-nothing.ts';

for (const text of [
  '',
  ' ',
  '\t\n\u00a0\u3000',
  '""',
  " ' ' ",
  '“ ”',
  '„“',
  '«»',
  '‹›',
  '「」',
  '\u200b\u2060',
  '``',
  '\u3164',
])
  it(`${JSON.stringify(text)} says nothing`, () => assert.equal(saysNothing(text), true));
for (const text of ['a', '7', '?', '...', '"no"', '👍', '❤️', 'ありがとう', '「はい」', '<3', ':)'])
  it(`${JSON.stringify(text)} says something`, () => assert.equal(saysNothing(text), false));
