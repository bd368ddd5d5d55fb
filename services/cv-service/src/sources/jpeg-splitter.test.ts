import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BadFrameReason } from './frame-source.ts';
import { createJpegSplitter, scanJpeg } from './jpeg-splitter.ts';

const segment = (marker: number, body: number[]): number[] => [0xff, marker, 0, body.length + 2, ...body];
const scan = (data: number[]): number[] => [...segment(0xda, [1, 2, 3]), ...data];
/** Not a picture, but a JPEG by its segments. */
const jpeg = (...data: number[]): Buffer =>
  Buffer.from([0xff, 0xd8, ...segment(0xe0, [7, 7]), ...scan(data), 0xff, 0xd9]);
const withThumbnail = Buffer.from([0xff, 0xd8, ...segment(0xe1, [...jpeg(9)]), ...scan([5]), 0xff, 0xd9]);
const stuffed = jpeg(1, 0xff, 0x00, 2, 0xff, 0xd0, 3);
const progressive = Buffer.from([0xff, 0xd8, ...scan([1]), ...segment(0xc4, [4]), ...scan([2]), 0xff, 0xff, 0xd9]);

function split(chunks: readonly Buffer[], maxBytes?: number) {
  const bad: BadFrameReason[] = [];
  const splitter = createJpegSplitter((reason) => bad.push(reason), maxBytes);
  return { frames: chunks.flatMap((chunk) => splitter.push(chunk)), bad };
}

/** The data cut at the given places. */
function cut(data: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (data.length + 1)).sort((a, b) => a - b), data.length];
  return at.slice(1).map((end, index) => data.subarray(at[index], end));
}

test('JPEGs that follow one another are split wherever the stream is cut', () => {
  const frames = [jpeg(1, 2, 3), withThumbnail, stuffed, progressive];
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
      assert.deepEqual(split(cut(Buffer.concat(frames), places)), { frames, bad: [] });
    }),
  );
});

test('what stands between two JPEGs is passed over', () => {
  const data = Buffer.concat([Buffer.from('rubbish\r\n'), jpeg(1), Buffer.from([0xff, 0x00, 0xd8]), jpeg(2)]);
  assert.deepEqual(split([data]), { frames: [jpeg(1), jpeg(2)], bad: [] });
});

test('a thumbnail inside EXIF does not end the picture', () => {
  assert.deepEqual(scanJpeg(withThumbnail, 0), { state: 'complete', end: withThumbnail.length });
});

test('a JPEG that breaks off is told, and the next one is found', () => {
  const broken = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]);
  assert.deepEqual(split([broken, jpeg(1)]), { frames: [jpeg(1)], bad: ['not_jpeg'] });
});

test('a picture without an end is given up at the limit, so that memory is bounded', () => {
  const endless = Buffer.concat([Buffer.from([0xff, 0xd8, ...scan([])]), Buffer.alloc(500, 1)]);
  assert.deepEqual(split([endless, jpeg(1)], 300), { frames: [jpeg(1)], bad: ['frame_too_large'] });
});

test('mutated streams never throw, and every frame begins and ends as a JPEG', () => {
  const whole = Buffer.concat([jpeg(1, 2), withThumbnail, stuffed, progressive]);
  const mutation = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 6 }), (mutations, places) => {
      const data = Buffer.from(whole);
      for (const [at, value] of mutations) data[at] = value;
      for (const frame of split(cut(data, places), 100).frames) {
        assert.deepEqual([...frame.subarray(0, 2), ...frame.subarray(-2)], [0xff, 0xd8, 0xff, 0xd9]);
      }
    }),
    { numRuns: 500 },
  );
});
