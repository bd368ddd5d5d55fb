import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineSplitter, MAX_LINE_BYTES } from './line-splitter.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

test('whole lines come out, without their ends; the rest of a line waits for its end', () => {
  const splitter = createLineSplitter();
  assert.deepEqual(
    [splitter.push(bytes('one\r\ntwo\n\nth')), splitter.push(bytes('r')), splitter.push(bytes('ee\nfour'))],
    [['one', 'two', ''], [], ['three']],
  );
});

test('a line of the greatest length is taken, a byte more leaves it out and the next line is whole again', () => {
  const splitter = createLineSplitter();
  const longest = 'x'.repeat(MAX_LINE_BYTES);
  assert.deepEqual(splitter.push(bytes(`${longest}\n${longest}x\nnext\n`)), [longest, 'next']);
});

test('a line that is too long is left out also where it comes in pieces', () => {
  const splitter = createLineSplitter();
  const piece = bytes('x'.repeat(MAX_LINE_BYTES));
  assert.deepEqual(
    [splitter.push(piece), splitter.push(piece), splitter.push(bytes('end\nnext\n'))],
    [[], [], ['next']],
  );
});

test('after a resync the line under way is left out, after a reset nothing is remembered', () => {
  const splitter = createLineSplitter();
  splitter.push(bytes('begun'));
  splitter.resync();
  assert.deepEqual(splitter.push(bytes('the end of another\nwhole\nbegun')), ['whole']);
  splitter.reset();
  assert.deepEqual(splitter.push(bytes('new\n')), ['new']);
  splitter.resync();
  splitter.reset();
  assert.deepEqual(splitter.push(bytes('first\n')), ['first']);
});

test('however the bytes are cut, within a character too, the lines are the same', () => {
  const text = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '\r\n', 'x'.repeat(5000))));
  fc.assert(
    fc.property(text, fc.array(fc.nat({ max: 400 })), (parts, cuts) => {
      const all = bytes(parts.join(''));
      const pieces = createLineSplitter();
      const lines: string[] = [];
      let from = 0;
      for (const length of cuts) {
        lines.push(...pieces.push(all.subarray(from, from + length)));
        from += length;
      }
      lines.push(...pieces.push(all.subarray(from)));
      const whole = all.toString().split('\n').slice(0, -1);
      const short = whole.filter((line) => Buffer.byteLength(line) <= MAX_LINE_BYTES);
      assert.deepEqual(
        lines,
        short.map((line) => line.replace(/\r$/, '')),
      );
    }),
    { numRuns: 200 },
  );
});
