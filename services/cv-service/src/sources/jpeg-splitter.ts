import { type BadFrameReason, type FrameSplitter, MAX_FRAME_BYTES } from './frame-source.ts';

/** Marker bytes, ITU T.81 table B.1. */
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const TEM = 0x01;
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;
const START = Buffer.from([0xff, SOI, 0xff]);

export type JpegScan =
  | { readonly state: 'complete'; readonly end: number }
  | { readonly state: 'incomplete' }
  | { readonly state: 'corrupt' };

/** The first marker at or after `from` in entropy-coded data, where FF00 is a stuffed byte; -1 when it has not come yet. */
function nextMarker(data: Buffer, from: number): number {
  for (let at = data.indexOf(0xff, from); at !== -1; at = data.indexOf(0xff, at + 1)) {
    const next = data[at + 1];
    if (next === undefined) return -1;
    if (next !== 0x00 && next !== 0xff && !isRestart(next)) return at;
  }
  return -1;
}

/**
 * Walks one JPEG by its segments' lengths, so that a thumbnail inside EXIF (a JPEG of its own) does not end the picture.
 * @param start position of its FFD8
 */
export function scanJpeg(data: Buffer, start: number): JpegScan {
  let at = start + 2;
  for (;;) {
    const prefix = data[at];
    const marker = data[at + 1];
    if (prefix === undefined || marker === undefined) return { state: 'incomplete' };
    if (prefix !== 0xff || marker === SOI || marker === 0x00) return { state: 'corrupt' };
    if (marker === 0xff) at += 1;
    else if (marker === EOI) return { state: 'complete', end: at + 2 };
    else if (isRestart(marker) || marker === TEM) at += 2;
    else {
      if (data.length < at + 4) return { state: 'incomplete' };
      const length = data.readUInt16BE(at + 2);
      if (length < 2) return { state: 'corrupt' };
      at += 2 + length;
      if (marker === SOS) {
        at = nextMarker(data, at);
        if (at === -1) return { state: 'incomplete' };
      }
    }
  }
}

/** Splits JPEGs that follow one another without a frame around them, or with rubbish between them. */
export function createJpegSplitter(onBad: (reason: BadFrameReason) => void, maxBytes = MAX_FRAME_BYTES): FrameSplitter {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const frames: Buffer[] = [];
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (;;) {
        const start = data.indexOf(START);
        if (start === -1) {
          // A start marker may be cut in two.
          data = data.subarray(Math.max(0, data.length - (START.length - 1)));
          break;
        }
        data = data.subarray(start);
        const scan = scanJpeg(data, 0);
        if (scan.state === 'complete') {
          if (scan.end > maxBytes) onBad('frame_too_large');
          else frames.push(data.subarray(0, scan.end));
          data = data.subarray(scan.end);
        } else if (scan.state === 'corrupt') {
          onBad('not_jpeg');
          data = data.subarray(2);
        } else if (data.length > maxBytes) {
          onBad('frame_too_large');
          data = data.subarray(2);
        } else break;
      }
      rest = data;
      return frames;
    },
  };
}
