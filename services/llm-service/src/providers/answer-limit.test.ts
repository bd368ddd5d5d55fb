import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAnswerLimit, MAX_ANSWER_BYTES, MAX_LINE_BYTES } from './answer-limit.ts';

const LINE_FEED = new Uint8Array([0x0a]);
const line = (length: number): Uint8Array => new Uint8Array(length).fill(0x78);

async function passed(pieces: readonly Uint8Array[]): Promise<number> {
  const out = ReadableStream.from(pieces).pipeThrough(
    new TransformStream(createAnswerLimit((what) => new Error(what))),
  );
  return (await Array.fromAsync(out)).reduce((sum, { length }) => sum + length, 0);
}

describe('createAnswerLimit', () => {
  it('takes lines and an answer that are just long enough, however they are cut', async () => {
    const half = line(MAX_LINE_BYTES / 2);
    const pieces = Array.from({ length: MAX_ANSWER_BYTES / MAX_LINE_BYTES - 1 }, () => [half, half, LINE_FEED]).flat();
    assert.equal(await passed(pieces), (MAX_ANSWER_BYTES / MAX_LINE_BYTES - 1) * (MAX_LINE_BYTES + 1));
  });
  it('refuses a line that is a byte too long, in one piece or in two', async () => {
    const words = { message: `sent a line of more than ${MAX_LINE_BYTES} bytes` };
    await assert.rejects(passed([line(MAX_LINE_BYTES + 1)]), words);
    await assert.rejects(passed([Buffer.concat([LINE_FEED, line(MAX_LINE_BYTES)]), line(1)]), words);
    await assert.rejects(passed([line(MAX_LINE_BYTES), Buffer.concat([line(1), LINE_FEED])]), words);
  });
  it('refuses an answer that is a byte too long', async () => {
    const piece = Buffer.concat([line(1023), LINE_FEED]);
    const pieces = Array.from({ length: MAX_ANSWER_BYTES / 1024 }, () => piece);
    assert.equal(await passed(pieces), MAX_ANSWER_BYTES);
    await assert.rejects(passed([...pieces, LINE_FEED]), {
      message: `sent more than ${MAX_ANSWER_BYTES} bytes as one answer`,
    });
  });
});
