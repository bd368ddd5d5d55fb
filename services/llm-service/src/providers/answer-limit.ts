import type { Transformer } from 'node:stream/web';

/** Of one line of a stream: a token takes some 300 bytes of JSON, a whole answer that is not streamed some 10 KB. */
export const MAX_LINE_BYTES = 256 * 1024;
/** Of one answer, unpacked: some 14,000 tokens. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * The client keeps a line until it ends (and an event, until its blank line), however long: a server could fill our memory.
 * @param tooLong the error with which the stream ends; its argument is the end of "provider primary ..."
 */
export function createAnswerLimit(tooLong: (what: string) => Error): Transformer<Uint8Array, Uint8Array> {
  let ofAnswer = 0;
  let ofLine = 0;
  return {
    transform(bytes, out) {
      ofAnswer += bytes.length;
      if (ofAnswer > MAX_ANSWER_BYTES) throw tooLong(`sent more than ${MAX_ANSWER_BYTES} bytes as one answer`);
      let lineStart = 0;
      for (let end = bytes.indexOf(LINE_FEED); ; end = bytes.indexOf(LINE_FEED, lineStart)) {
        ofLine += (end < 0 ? bytes.length : end) - lineStart;
        if (ofLine > MAX_LINE_BYTES) throw tooLong(`sent a line of more than ${MAX_LINE_BYTES} bytes`);
        if (end < 0) break;
        ofLine = 0;
        lineStart = end + 1;
      }
      out.enqueue(bytes);
    },
  };
}
