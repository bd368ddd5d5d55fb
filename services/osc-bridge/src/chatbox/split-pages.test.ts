import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanText } from './clean-text.ts';
import { countLines, MAX_LINES } from './count-lines.ts';
import { splitPages } from './split-pages.ts';

const withoutSpace = (text: string): string => text.replace(/\s/g, '');

test('a text that fits stays whole', () => {
  assert.deepEqual(splitPages('Hello there!', { maxLength: 144 }), ['Hello there!']);
  assert.deepEqual(splitPages('', { maxLength: 144 }), []);
});

test('a long text is cut at sentences, then at words', () => {
  const text = 'I like rain. It sounds like a small crowd that means well. Bye!';
  assert.deepEqual(splitPages(text, { maxLength: 40 }), [
    'I like rain.',
    'It sounds like a small crowd that means',
    'well. Bye!',
  ]);
});

test('a word longer than a page is cut between characters, never within one', () => {
  assert.deepEqual(splitPages('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', { maxLength: 10 }), ['👩‍👩‍👧', '👩‍👩‍👧', '👩‍👩‍👧']);
  assert.deepEqual(splitPages('𝕊𝕊𝕊', { maxLength: 3 }), ['𝕊', '𝕊', '𝕊']);
});

test('a surrogate pair that no page can take becomes one question mark', () => {
  assert.deepEqual(splitPages('𝕊', { maxLength: 1 }), ['?']);
});

test('at most nine lines stand on a page', () => {
  const lines = Array.from({ length: 12 }, (_, index) => `${index}`).join('\n');
  assert.deepEqual(splitPages(lines, { maxLength: 144 }), ['0\n1\n2\n3\n4\n5\n6\n7\n8', '9\n10\n11']);
});

test('Japanese of 144 characters takes more than nine lines: what would not be seen is the next page', () => {
  const [seen = '', rest = '', ...more] = splitPages('あ'.repeat(144), { maxLength: 144 });
  // Cut between words, whatever a word is here.
  assert.ok(seen.length > 130 && seen.length <= 135, `${seen.length} characters`);
  assert.deepEqual({ all: seen.length + rest.length, more }, { all: 144, more: [] });
});

test('property: every page fits, is well-formed, and nothing but white space is lost', () => {
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.lorem({ mode: 'sentences', maxCount: 12 }));
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 144 }), (raw, maxLength) => {
      const text = cleanText(raw);
      const pages = splitPages(text, { maxLength });
      for (const page of pages) {
        assert.ok(page.length > 0 && page.length <= maxLength);
        assert.ok(page.isWellFormed());
        assert.ok(countLines(page) <= MAX_LINES);
      }
      assert.equal(withoutSpace(pages.join('')), withoutSpace(text));
    }),
    { numRuns: 500 },
  );
});
