import { crc32 } from 'node:zlib';

/** Symbols that start every frame. All differ in both nibbles from their neighbours, so a shift by one symbol never matches. */
export const PREAMBLE: readonly number[] = [0x0f, 0xf0, 0x3c, 0xc3, 0x69];

/** Longest text, in UTF-8 bytes: about 11 minutes of sound. */
export const MAX_TEXT_BYTES = 16_383;

/** Symbols of the length field. */
export const LENGTH_SYMBOLS = 2;
const CRC_SYMBOLS = 4;

/** Symbols after the length field of a text of so many bytes. */
export const symbolsAfterLength = (textBytes: number): number => textBytes + CRC_SYMBOLS;

/**
 * The symbols (bytes) that stand for a text: preamble, then whitened length (2), UTF-8 bytes, CRC-32 (4).
 * A lone surrogate becomes U+FFFD, as in every UTF-8 encoder.
 * @throws RangeError when the text is longer than MAX_TEXT_BYTES.
 */
export function toSymbols(text: string): number[] {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > MAX_TEXT_BYTES) {
    throw new RangeError(`The text has ${bytes.length} bytes, at most ${MAX_TEXT_BYTES} can be spoken: split it.`);
  }
  const frame = Buffer.alloc(LENGTH_SYMBOLS + bytes.length + CRC_SYMBOLS);
  frame.writeUInt16BE(bytes.length, 0);
  bytes.copy(frame, LENGTH_SYMBOLS);
  frame.writeUInt32BE(crc32(frame.subarray(0, LENGTH_SYMBOLS + bytes.length)), LENGTH_SYMBOLS + bytes.length);
  return [...PREAMBLE, ...frame.map((byte, position) => byte ^ whitener(position))];
}

/** The text length announced by the first two symbols after the preamble, `undefined` when no frame can be so long. */
export function readLength(symbols: readonly number[]): number | undefined {
  const [high = 0, low = 0] = symbols;
  const length = ((high ^ whitener(0)) << 8) | (low ^ whitener(1));
  return length <= MAX_TEXT_BYTES ? length : undefined;
}

/** The text of a whole frame without its preamble, `undefined` when the checksum or the UTF-8 is wrong. */
export function readText(symbols: readonly number[]): string | undefined {
  const frame = Buffer.from(symbols.map((symbol, position) => symbol ^ whitener(position)));
  const body = frame.subarray(0, -CRC_SYMBOLS);
  if (frame.readUInt32BE(body.length) !== crc32(body)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body.subarray(LENGTH_SYMBOLS));
  } catch {
    return undefined;
  }
}

/** A fixed pseudo-random byte for each position: without it `aaaa` would be one steady tone, which a noise filter learns as hum. */
function whitener(position: number): number {
  let mixed = Math.imul(position + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return (mixed >>> 16) & 0xff;
}
