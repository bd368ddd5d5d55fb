import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPersonaLines, intentOf } from './persona-lines.ts';

const CASES = [
  ['Hello there', 'greeting'],
  ['hey Mika', 'greeting'],
  ['こんにちは', 'greeting'],
  ['hidden things are nice', 'other'],
  ['Hi, how are you?', 'question'],
  ['what is your favourite colour', 'question'],
  ['元気ですか？', 'question'],
  ['Gotta go, bye', 'farewell'],
  ['test message', 'other'],
  ['', 'other'],
] as const;

describe('intentOf', () => {
  for (const [text, intent] of CASES) it(`"${text}" is ${intent}`, () => assert.equal(intentOf(text), intent));
});

describe('createPersonaLines', () => {
  const patterns = {
    greeting: ['G1', 'G2'],
    question: ['Q1'],
    farewell: ['F1'],
    other: ['O1'],
    refusal: ['R1'],
    interrupted: ['I1'],
  };

  it('says the lines of a kind in turn, each kind for itself', () => {
    const line = createPersonaLines(() => ({ patterns }));
    assert.deepEqual(
      [line('greeting', 'hi'), line('question', 'hi'), line('greeting', 'hi'), line('greeting', 'hi')],
      ['G1', 'Q1', 'G2', 'G1'],
    );
  });

  it('says what a reload has put in place', () => {
    let current = patterns;
    const line = createPersonaLines(() => ({ patterns: current }));
    line('greeting', 'hi');
    current = { ...patterns, greeting: ['new'] };
    assert.equal(line('greeting', 'hi'), 'new');
  });

  it("speaks the viewer's language where it has lines for it, and its own else", () => {
    const languages = { de: { greeting: ['Hallo 1', 'Hallo 2'] }, ja: { greeting: ['こんにちは'] } };
    const line = createPersonaLines(() => ({ patterns, languages }));
    assert.deepEqual(
      [
        line('greeting', 'Hallo, wie geht es dir?'),
        line('greeting', 'hello there'),
        line('greeting', 'Moin, ist das hier die Bühne?'),
        line('greeting', 'やあ！元気？'),
        line('question', 'Wie ist das Wetter und wer bist du?'),
      ],
      ['Hallo 1', 'G1', 'Hallo 2', 'こんにちは', 'Q1'],
    );
  });
});
