/** Longer lines are somebody's stack traces and JSON; none that is looked for has a quarter of it. */
export const MAX_LINE_BYTES = 4096;

const NEWLINE = 0x0a;

/** Bytes in, whole lines out: the rest of a line waits for its end, and one that is too long is left out. */
export interface LineSplitter {
  push(bytes: Buffer): string[];
  /** Bytes were left out: what comes next begins in the middle of a line. */
  resync(): void;
  reset(): void;
}

export function createLineSplitter(): LineSplitter {
  let rest = Buffer.alloc(0);
  let isSkipping = false;
  return {
    push(bytes) {
      const lines: string[] = [];
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        const isTooLong = rest.length + end - start > MAX_LINE_BYTES;
        if (!isSkipping && !isTooLong) {
          lines.push(
            Buffer.concat([rest, bytes.subarray(start, end)])
              .toString('utf8')
              .replace(/\r$/, ''),
          );
        }
        rest = Buffer.alloc(0);
        isSkipping = false;
        start = end + 1;
      }
      const begun = bytes.subarray(start);
      if (isSkipping || rest.length + begun.length > MAX_LINE_BYTES) {
        rest = Buffer.alloc(0);
        isSkipping = true;
      } else rest = Buffer.concat([rest, begun]);
      return lines;
    },
    resync() {
      rest = Buffer.alloc(0);
      isSkipping = true;
    },
    reset() {
      rest = Buffer.alloc(0);
      isSkipping = false;
    },
  };
}
