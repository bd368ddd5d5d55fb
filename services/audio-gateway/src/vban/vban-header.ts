// VBAN as VB-Audio's VBANProtocol_Specifications.pdf and quiniouben/vban agree on it; docs: README.md of this service. Little-endian.

export const HEADER_BYTES = 28;
/** The whole datagram. */
export const MAX_PACKET_BYTES = 1464;
export const MAX_SAMPLES_PER_PACKET = 256;
export const MAX_STREAM_NAME_BYTES = 16;
const MAGIC = 'VBAN';
/** The same as the number that its four bytes are: this is asked of each packet. */
const MAGIC_NUMBER = Buffer.from(MAGIC, 'latin1').readUInt32BE(0);
const NAME_OFFSET = 8;

/** Hz, by the index in the low five bits of byte 4; 21 to 31 are undefined. */
export const SAMPLE_RATES = [
  6000, 12_000, 24_000, 48_000, 96_000, 192_000, 384_000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000,
  11_025, 22_050, 44_100, 88_200, 176_400, 352_800, 705_600,
] as const;

/** The high three bits of byte 4. */
export const SUB_PROTOCOL = { audio: 0x00, serial: 0x20, text: 0x40, service: 0x60 } as const;
export type SubProtocol = keyof typeof SUB_PROTOCOL;

/** The bytes 4 to 7, whose meaning depends on the sub-protocol. */
export type Parameters = readonly [byte4: number, byte5: number, byte6: number, byte7: number];

export interface VbanHeader {
  readonly subProtocol: SubProtocol;
  readonly parameters: Parameters;
  readonly stream: string;
  /** u32, +1 with each packet of the stream. */
  readonly counter: number;
}

export type HeaderRejection = 'too_short' | 'too_long' | 'bad_magic' | 'unknown_sub_protocol' | 'bad_stream_name';

const SUB_PROTOCOL_BY_BITS = new Map<number, SubProtocol>(
  Object.entries(SUB_PROTOCOL).map(([name, bits]) => [bits, name as SubProtocol]),
);

export function readHeader(packet: Buffer): VbanHeader | HeaderRejection {
  if (packet.length < HEADER_BYTES) return 'too_short';
  if (packet.length > MAX_PACKET_BYTES) return 'too_long';
  if (packet.readUInt32BE(0) !== MAGIC_NUMBER) return 'bad_magic';
  const subProtocol = SUB_PROTOCOL_BY_BITS.get(packet.readUInt8(4) & 0xe0);
  if (subProtocol === undefined) return 'unknown_sub_protocol';
  const stream = readStreamName(packet);
  if (stream === undefined) return 'bad_stream_name';
  const parameters = [packet.readUInt8(4), packet.readUInt8(5), packet.readUInt8(6), packet.readUInt8(7)] as const;
  return { subProtocol, parameters, stream, counter: packet.readUInt32LE(24) };
}

/** What follows the first NUL is ignored: senders leave rubbish there. A name is printable ASCII and not empty. */
function readStreamName(packet: Buffer): string | undefined {
  let end = NAME_OFFSET;
  for (; end < NAME_OFFSET + MAX_STREAM_NAME_BYTES; end += 1) {
    const character = packet[end] ?? 0;
    if (character === 0) break;
    if (character < 0x20 || character > 0x7e) return undefined;
  }
  return end === NAME_OFFSET ? undefined : packet.toString('latin1', NAME_OFFSET, end);
}

/** @throws RangeError when the stream's name cannot be sent */
export function writeHeader(packet: Buffer, { parameters, stream, counter }: Omit<VbanHeader, 'subProtocol'>): void {
  if (!/^[\x20-\x7e]{1,16}$/.test(stream)) {
    throw new RangeError(
      `VBAN stream name ${JSON.stringify(stream)}: 1 to 16 printable ASCII characters; correct it in audio.outputs`,
    );
  }
  packet.write(MAGIC, 0, 'latin1');
  packet.set(parameters, 4);
  packet.write(stream, NAME_OFFSET, 'latin1');
  packet.writeUInt32LE(counter, 24);
}
