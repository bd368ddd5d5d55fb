import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createJsonAsEvent } from './json-as-event.ts';

async function framed(pieces: readonly Uint8Array[]): Promise<string> {
  const out = ReadableStream.from(pieces).pipeThrough(new TransformStream(createJsonAsEvent()));
  return Buffer.concat(await Array.fromAsync(out)).toString();
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('createJsonAsEvent', () => {
  it('makes one event of a JSON object, wherever it is cut', async () => {
    const cut = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), cut, async (body, lengths) => {
        const whole = bytes(`\r\n ${JSON.stringify(body, null, 2)}\n`);
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const length of lengths) {
          pieces.push(whole.subarray(at, at + length));
          at += length;
        }
        const event = await framed([...pieces, whole.subarray(at)]);
        const [line = '', ...rest] = event.trimStart().split('\n');
        assert.deepEqual([JSON.parse(line.replace(/^data: /, '')), rest], [JSON.parse(JSON.stringify(body)), ['', '']]);
      }),
    );
  });
  for (const text of ['', ' ', '\n\ndata: {"a":1}\n\n', ': ping\r\n\r\n', '<html>', '[1]'])
    it(`passes ${JSON.stringify(text)} as it is`, async () => assert.equal(await framed([bytes(text)]), text));
});
