// VBAN, written from the protocol's published layout (protocols.md, section 2), on purpose apart from the audio-gateway's codec:
// two independent implementations check each other. All multi-byte fields are little-endian.

export const HEADER_BYTES = 28;
/** Longest packet that VBAN allows. */
export const MAX_PACKET_BYTES = 1464;
export const MAX_SAMPLES_PER_PACKET = 256;
export const STREAM_NAME_BYTES = 16;
export const STREAM_NAME_OFFSET = 8;
export const COUNTER_OFFSET = 24;

export const SUB_PROTOCOL = { audio: 0x00, serial: 0x20, text: 0x40, service: 0x60 } as const;
export const SUB_PROTOCOL_MASK = 0xe0;
export const RATE_MASK = 0x1f;
export const FORMAT_S16 = 0x01;

/** Hz, by the index in the low five bits of byte 4. */
export const SAMPLE_RATES: readonly number[] = [
  6000, 12000, 24000, 48000, 96000, 192000, 384000, 8000, 16000, 32000, 64000, 128000, 256000, 512000, 11025, 22050,
  44100, 88200, 176400, 352800, 705600,
];

/** The common header. @throws RangeError when the stream name does not fit. */
export function writeHeader(
  packet: Buffer,
  bytes: readonly [number, number, number, number],
  stream: string,
  counter: number,
) {
  if (!/^[\x20-\x7e]{1,16}$/.test(stream)) {
    throw new RangeError(`The stream name '${stream}' must be 1 to ${STREAM_NAME_BYTES} printable ASCII characters.`);
  }
  packet.write('VBAN', 0, 'ascii');
  for (const [index, byte] of bytes.entries()) packet.writeUInt8(byte, 4 + index);
  packet.write(stream, STREAM_NAME_OFFSET, 'ascii');
  packet.writeUInt32LE(counter >>> 0, COUNTER_OFFSET);
}

/** Text up to the first NUL of a fixed field. */
export function readFixedText(field: Buffer, encoding: 'latin1' | 'utf8' = 'latin1'): string {
  const end = field.indexOf(0);
  return field.toString(encoding, 0, end < 0 ? field.length : end);
}
