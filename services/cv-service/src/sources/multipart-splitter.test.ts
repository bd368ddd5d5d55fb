import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { BadFrameReason } from './frame-source.ts';
import { boundaryOf, createMultipartSplitter } from './multipart-splitter.ts';

function split(chunks: readonly (Buffer | string)[], maxBytes?: number) {
  const bad: BadFrameReason[] = [];
  const splitter = createMultipartSplitter('frame', (reason) => bad.push(reason), maxBytes);
  const frames = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk)));
  return { frames: frames.map(String), bad };
}

const part = (body: string, headers = [`Content-Length: ${Buffer.byteLength(body)}`], eol = '\r\n'): string =>
  ['--frame', 'Content-Type: image/jpeg', ...headers, '', `${body}${eol}`].join(eol);

function cut(data: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (data.length + 1)).sort((a, b) => a - b), data.length];
  return at.slice(1).map((end, index) => data.subarray(at[index], end));
}

describe('the boundary', () => {
  for (const [contentType, boundary] of [
    ['multipart/x-mixed-replace; boundary=frame', 'frame'],
    ['multipart/x-mixed-replace;boundary="my frame"', 'my frame'],
    ['Multipart/X-Mixed-Replace; charset=utf-8; Boundary=--frame', 'frame'],
    ['multipart/x-mixed-replace; boundary=frame; x=1', 'frame'],
    ['multipart/x-mixed-replace', undefined],
    ['multipart/x-mixed-replace; boundary=--', undefined],
    ['image/jpeg', undefined],
    ['', undefined],
  ] as const) {
    test(`of "${contentType}" is ${boundary}`, () => assert.equal(boundaryOf(contentType), boundary));
  }
});

describe('a well-formed stream', () => {
  const bodies = ['first', '', 'the -- third\r\n', 'last one'];
  for (const [name, stream] of [
    ['with lengths', bodies.map((body) => part(body)).join('')],
    ['with lengths, bare line feeds', bodies.map((body) => part(body, undefined, '\n')).join('')],
    ['without lengths', `${bodies.map((body) => part(body, [])).join('')}--frame--\r\n`],
    [
      'with the dashes doubled',
      bodies
        .map((body) => part(body, []).replace('--frame', '----frame'))
        .join('')
        .concat('----frame--'),
    ],
    ['with a preamble and an epilogue', `ignore me\r\n${bodies.map((body) => part(body)).join('')}--frame--\r\nand me`],
  ] as const) {
    test(`${name} is split wherever it is cut`, () => {
      fc.assert(
        fc.property(fc.array(fc.nat(), { maxLength: 10 }), (places) => {
          const { frames, bad } = split(cut(Buffer.from(stream), places));
          assert.deepEqual({ frames, bad }, { frames: bodies.filter(Boolean), bad: ['empty_frame'] });
        }),
      );
    });
  }

  test('with a length hands a frame on at its last byte, not at the next part', () => {
    assert.deepEqual(split([part('now').slice(0, -2)]), { frames: ['now'], bad: [] });
  });
});

describe('a camera that', () => {
  test('says a length that is too short is cut at its delimiters from then on', () => {
    const lie = ['Content-Length: 2'];
    const stream = part('one one', lie) + part('two two', lie) + part('three', lie) + part('four', lie);
    assert.deepEqual(split([stream]), { frames: ['on', 'two two', 'three'], bad: ['wrong_content_length'] });
  });

  test('says a length that is too long loses what it swallows, then is cut at its delimiters', () => {
    const stream = part('one', ['Content-Length: 40']) + part('two') + part('three') + part('four') + part('five');
    const { frames, bad } = split([stream]);
    assert.deepEqual({ later: frames.slice(-2), bad }, { later: ['three', 'four'], bad: ['wrong_content_length'] });
  });

  test('says a length beyond the limit is not waited for', () => {
    const stream = part('huge', ['Content-Length: 999999999999']) + part('next');
    assert.deepEqual(split([stream]), { frames: ['next'], bad: ['frame_too_large'] });
  });

  test('never sends a delimiter is given up at the limit, again and again', () => {
    const endless = Array.from({ length: 10 }, () => 'x'.repeat(50));
    const { frames, bad } = split([part('x', []), ...endless, part('next'), part('last')], 100);
    assert.deepEqual({ frames, bad }, { frames: ['next', 'last'], bad: ['frame_too_large'] });
  });

  test('never ends its headers is given up at 8 KB', () => {
    const { frames, bad } = split([`--frame\r\n${'a: b\r\n'.repeat(3000)}`, part('next')]);
    assert.deepEqual({ frames, bad }, { frames: ['next'], bad: ['header_too_long'] });
  });
});

test('mutated streams never throw', () => {
  const whole = Buffer.from(
    ['one', 'two', 'three'].map((body) => part(body)).join('') + part('four', []) + part('five', []),
  );
  const mutation = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 6 }), (mutations, places) => {
      const data = Buffer.from(whole);
      for (const [at, value] of mutations) data[at] = value;
      for (const frame of split(cut(data, places), 60).frames) assert.ok(frame.length > 0);
    }),
    { numRuns: 500 },
  );
});
