import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { splitRest, splitSentences } from './sentences.ts';

/** The sentences of a stream that came in these chunks. */
function stream(chunks: readonly string[], max?: number): string[] {
  let rest = '';
  const said: string[] = [];
  for (const chunk of chunks) {
    const split = splitSentences(rest + chunk, max);
    said.push(...split.sentences);
    rest = split.rest;
  }
  return [...said, ...splitRest(rest, max)];
}

const CASES: readonly { readonly name: string; readonly text: string; readonly sentences: readonly string[] }[] = [
  { name: 'plain ends', text: 'Hi. How are you? Fine!', sentences: ['Hi.', 'How are you?', 'Fine!'] },
  {
    name: 'abbreviations',
    text: 'Dr. Who met Mr. T. Rex at 5 p.m. today. Yes.',
    sentences: ['Dr. Who met Mr. T. Rex at 5 p.m. today.', 'Yes.'],
  },
  { name: 'e.g. and numbers', text: 'Take e.g. 3.5 of it. Done.', sentences: ['Take e.g. 3.5 of it.', 'Done.'] },
  { name: 'the pronoun I is no initial', text: 'So do I. Really.', sentences: ['So do I.', 'Really.'] },
  {
    name: 'trailing off goes on in small letters',
    text: 'Well... maybe. Well... No.',
    sentences: ['Well... maybe.', 'Well...', 'No.'],
  },
  {
    name: 'closing quotation marks stay',
    text: 'She said "Hi!" Then she left.',
    sentences: ['She said "Hi!"', 'Then she left.'],
  },
  { name: 'several marks are one end', text: 'What?! No way!!', sentences: ['What?!', 'No way!!'] },
  {
    name: 'CJK without spaces',
    text: 'こんにちは。元気ですか？「はい。」それでは',
    sentences: ['こんにちは。', '元気ですか？', '「はい。」', 'それでは'],
  },
  { name: 'lines', text: 'One\nTwo\n\nThree', sentences: ['One', 'Two', 'Three'] },
  { name: 'list numbers', text: '1. Sing. 2. Dance.', sentences: ['1. Sing.', '2. Dance.'] },
  { name: 'addresses', text: 'See example.com for it. Bye.', sentences: ['See example.com for it.', 'Bye.'] },
  { name: 'no end at all', text: 'just words', sentences: ['just words'] },
  { name: 'nothing', text: ' \n ', sentences: [] },
];

describe('splitSentences', () => {
  for (const { name, text, sentences } of CASES) {
    it(`${name}: ${JSON.stringify(text)}`, () => assert.deepEqual(stream([text]), sentences));
  }

  it('cuts what does not end at a space, and never within a character', () => {
    assert.deepEqual(stream(['aaaa bbbb cccc dddd'], 10), ['aaaa bbbb', 'cccc dddd']);
    assert.deepEqual(stream(['😀'.repeat(4)], 3), ['😀', '😀', '😀', '😀']);
  });

  it('keeps back the last sentence until another one follows', () => {
    assert.deepEqual(splitSentences('One. Two. '), { sentences: ['One.'], rest: 'Two. ' });
  });

  const text = fc
    .array(fc.constantFrom(...'aB 1.!?…。\n"」', ' ', ' ', 'e.g.', 'Dr.', '😀', 'word'), { maxLength: 60 })
    .map((parts) => parts.join(''));
  const max = fc.integer({ min: 2, max: 40 });

  it('loses, adds and changes nothing but spaces', () => {
    fc.assert(
      fc.property(text, max, (whole, limit) => {
        assert.equal(stream([whole], limit).join('').replace(/\s/g, ''), whole.replace(/\s/g, ''));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives sentences within the limit, none of them blank', () => {
    fc.assert(
      fc.property(text, max, (whole, limit) => {
        for (const sentence of stream([whole], limit)) assert.ok(sentence.trim() !== '' && sentence.length <= limit);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not depend on how the stream was cut', () => {
    fc.assert(
      fc.property(text, max, fc.array(fc.nat(200), { maxLength: 12 }), (whole, limit, cuts) => {
        const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((start, index) => whole.slice(start, at[index] ?? whole.length));
        assert.deepEqual(stream(chunks, limit), stream([whole], limit));
      }),
      { numRuns: 3000 },
    );
  });
});
