import type { Transformer } from 'node:stream/web';

const OPENING_BRACE = 0x7b;
const SPACE = 0x20;
const isBlank = (byte: number): boolean => byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
const isLineEnd = (byte: number): boolean => byte === 0x0a || byte === 0x0d;
const BEGIN = new TextEncoder().encode('data: ');
const END = new TextEncoder().encode('\n\n');

/**
 * Some servers do not stream, and some send an error under 200: then the body is one JSON object, which the client would read as an
 * event stream without an event. It becomes one event: line ends in JSON are blanks. Whatever begins otherwise passes as it is;
 * the content type is not asked, for it is often wrong.
 */
export function createJsonAsEvent(): Transformer<Uint8Array, Uint8Array> {
  let form: 'unknown' | 'json' | 'other' = 'unknown';
  return {
    transform(bytes, out) {
      if (form === 'unknown') {
        const first = bytes.find((byte) => !isBlank(byte));
        if (first !== undefined) form = first === OPENING_BRACE ? 'json' : 'other';
        if (form === 'json') out.enqueue(BEGIN);
      }
      out.enqueue(form === 'json' ? bytes.map((byte) => (isLineEnd(byte) ? SPACE : byte)) : bytes);
    },
    flush(out) {
      if (form === 'json') out.enqueue(END);
    },
  };
}
