// What cameras, ffmpeg and OBS may say is foreign: whatever it is, nothing throws and everything is bounded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFfmpegProblem } from './ffmpeg-problem.ts';
import { createJpegSplitter } from './jpeg-splitter.ts';
import { createMultipartSplitter } from './multipart-splitter.ts';
import { readObsProblem } from './obs-problem.ts';
import { readScreenshot } from './read-screenshot.ts';
import { createRetryPace } from './retry-pace.ts';

const bytes = fc.uint8Array({ maxLength: 600 });
/** Bytes that look like what is expected, so that the readers come further than the first check. */
const likeJpeg = fc.array(fc.constantFrom(0xff, 0xd8, 0xd9, 0xda, 0xe0, 0x00, 0x02, 0x07), { maxLength: 600 });
const likeMultipart = fc
  .array(fc.constantFrom('--b', '\r\n', '\n\n', 'Content-Length: ', '3', '99999999999', '\xff\xd8', '-'), {
    maxLength: 60,
  })
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));
const chunks = fc.array(fc.oneof(bytes, likeJpeg, likeMultipart), { maxLength: 20 });

test('splitters take any bytes in any pieces, and no frame is larger than its limit', () => {
  fc.assert(
    fc.property(chunks, (pieces) => {
      const splitters = [createJpegSplitter(() => {}, 300), createMultipartSplitter('b', () => {}, 300)];
      for (const splitter of splitters) {
        for (const piece of pieces)
          for (const frame of splitter.push(Buffer.from(piece))) assert.ok(frame.length <= 300);
      }
    }),
    { numRuns: 500 },
  );
});

test('a screenshot is a picture or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.string().map((text) => `data:image/jpg;base64,${text}`),
      ),
      (value) => {
        const image = readScreenshot(value);
        assert.ok(image === undefined || image.length > 0);
      },
    ),
  );
  assert.deepEqual(readScreenshot('data:image/jpg;base64,/9j/'), Buffer.from([0xff, 0xd8, 0xff]));
});

test('the last words of ffmpeg are short and hold no password', () => {
  const input = { kind: 'rtsp', url: 'rtsp://me:geheim@cam/stage' } as const;
  const words = fc.array(
    fc.oneof(fc.string(), fc.constantFrom(input.url, '\n', '[rtsp @ 0x1] ', 'rtsp://me:geheim@other/')),
  );
  fc.assert(
    fc.property(words, (said) => {
      const { problem } = readFfmpegProblem(said.join(' '), input, 'exit code 1');
      assert.ok(problem.length > 0 && problem.length <= 200 && !problem.includes('geheim'), problem);
    }),
  );
  assert.deepEqual(
    ['exit code 0', 'signal SIGSEGV'].map((exit) => readFfmpegProblem('\n', input, exit).problem),
    ['the stream ended', 'ffmpeg ended by signal SIGSEGV'],
  );
});

test('whatever OBS or the socket throws is a problem in words; only a configured source can be refused by its name', () => {
  fc.assert(
    fc.property(fc.anything(), fc.integer(), (thrown, code) => {
      for (const error of [thrown, Object.assign(new Error('x'), { code })])
        assert.equal(typeof readObsProblem(error, undefined).problem, 'string');
    }),
    { examples: [[[{ toString: 0 }], 0]] },
  );
  const missing = Object.assign(new Error('No source was found.'), { code: 600 });
  assert.deepEqual(
    [readObsProblem(missing, 'Game').isRefused, readObsProblem(missing, undefined).isRefused],
    [true, false],
  );
});

test('pauses grow to the longest, begin anew after success, and are long after a refusal', () => {
  const pace = createRetryPace({ firstMs: 1000, longestMs: 5000, refusedMs: 30_000 });
  const pauses = [false, false, false, false, true].map(pace.afterFailure);
  pace.worked();
  assert.deepEqual([...pauses, pace.afterFailure(false)], [1000, 2000, 4000, 5000, 30_000, 1000]);
});
