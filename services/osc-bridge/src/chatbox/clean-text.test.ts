import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanText } from './clean-text.ts';

for (const [what, raw, clean] of [
  ['accents are composed', 'Cafe\u0301', 'Café'],
  ['half a surrogate pair is replaced', 'a\ud83d b', 'a\ufffd b'],
  ['control characters become space', 'a\u0000b\u0007c', 'a b c'],
  ['line ends are one kind, blank lines go', 'a\r\n\r\n  b\u2028c \n', 'a\nb\nc'],
  ['spaces are single', '  a \t  b  ', 'a b'],
  ['nothing stays nothing', ' \n\t ', ''],
] as const) {
  test(what, () => assert.equal(cleanText(raw), clean));
}

test('property: clean text is clean already', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (raw) =>
      assert.equal(cleanText(cleanText(raw)), cleanText(raw)),
    ),
  );
});
