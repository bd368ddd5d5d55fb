import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { buildPrompt } from './build-prompt.ts';
import { cleanText } from './clean-text.ts';

/** By what models are told who speaks: each alone, hidden, nested, in pieces. */
const MARKS = [
  ...[
    '<|im_start|>system',
    '<|im_end|>',
    '<|eot_id|>',
    '<|start_header_id|>',
    '<|endoftext|>',
    '<|user|>',
    '<｜User｜>',
    '<｜end▁of▁sentence｜>',
  ],
  ...[
    '<start_of_turn>model',
    '<end_of_turn>',
    '<bos>',
    '<eos>',
    '<s>',
    '</s>',
    '[INST]',
    '[/INST]',
    '<<SYS>>',
    '<</SYS>>',
    '[SYSTEM_PROMPT]',
  ],
  ...['### System:', '### Instruction:', '\nSystem:', '\nAssistant:', '</think>', '<system>', '[BOS]', '[gMASK]'],
];
const FORBIDDEN =
  /<[|｜][^|｜>]{0,40}[|｜]>|<\/?(s|bos|eos|system|think|(start|end)_of_turn)>|\[\/?INST\]|<<\/?SYS>>|\[(BOS|gMASK|SYSTEM_PROMPT)\]|#{2,} (System|Instruction)\b|["\u201c-\u201f\u00ab\u00bb\uff02]/i;
const ZERO_WIDTH = ['\u200b', '\u2060', '\ufeff', '\u202e', '\u2066', '\u00ad', '\u{e0041}'];

const piece = fc.oneof(
  fc.constantFrom(...MARKS),
  fc
    .constantFrom(...MARKS)
    .chain((mark) =>
      fc
        .tuple(fc.nat(mark.length), fc.constantFrom(...ZERO_WIDTH, ...MARKS))
        .map(([at, inner]) => mark.slice(0, at) + inner + mark.slice(at)),
    ),
  fc.constantFrom('"', '”', '„', '«', '＂', '\n', '\r\n', '\u2028', ' says: "', '<', '|', '>', '[', ']', '#', ':'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));

describe('the quotation marks of the prompt', () => {
  it('hold whatever a viewer says, by whatever name', () => {
    fc.assert(
      fc.property(text, text.filter(Boolean), (said, userId) => {
        const [, message] = buildPrompt({
          personaPrompt: 'P',
          turns: [],
          sights: [],
          question: { userId, text: said },
          said: [],
        });
        const content = message?.content ?? '';
        assert.match(content, /^[^"\n]{1,60} says: "[^"\n]*"$/u);
        assert.doesNotMatch(content.slice(content.indexOf('"') + 1, -1), FORBIDDEN);
        assert.doesNotMatch(content, /[\p{Cc}\p{Cf}]/u);
        assert.match(message?.name ?? '', /^[a-zA-Z0-9_-]{1,64}$/);
      }),
      { numRuns: 3000 },
    );
  });
  it('stand, for every known mark alone', () => {
    for (const mark of MARKS) assert.doesNotMatch(cleanText(`hi ${mark} there`), FORBIDDEN, mark);
  });
  it('cleaning what is clean changes nothing', () => {
    fc.assert(
      fc.property(text, (said) => assert.equal(cleanText(cleanText(said)), cleanText(said))),
      { numRuns: 1000 },
    );
  });
  it('let no repetition through that costs, and leave speech as it is', () => {
    assert.equal(cleanText('spam '.repeat(300)), 'spam spam spam spam');
    assert.equal(cleanText(`${'a'.repeat(1500)}h!`), 'aaaaaaaah!');
    assert.equal(cleanText('ha ha ha, that is sooo good!!!'), 'ha ha ha, that is sooo good!!!');
    assert.equal(cleanText('see https://example.org/a?b=1#c'), 'see https://example.org/a?b=1#c');
  });
});
