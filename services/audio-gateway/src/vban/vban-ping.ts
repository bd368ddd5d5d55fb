import { HEADER_BYTES, SUB_PROTOCOL, type VbanHeader, writeHeader } from './vban-header.ts';

/** Service PING0, identification: "who are you?". The payload has a fixed length, also in the reply. */
const PING_PAYLOAD_BYTES = 676;
const PING0 = 0;
const REPLY = 0x80;
const IDENTIFICATION = 0;

/** Where the texts of the payload lie: offset and length; C strings, so one byte stays NUL. */
const TEXTS = { device: [164, 64], maker: [228, 64], application: [292, 64] } as const;
/** VBAN's bits for what we are: a receptor and transmitter of audio. */
const APPLICATION_TYPE = 0x00_00_00_03;
const AUDIO_FEATURE = 0x00_00_00_01;
const PREFERRED_RATE_HZ = 48_000;

export interface VbanPing {
  readonly type: 'ping';
  readonly stream: string;
  readonly counter: number;
  readonly isReply: boolean;
  /** Who answers or asks, in its own words. */
  readonly application: string;
}

export type PingRejection = 'ping_size';

/** `undefined`: a service packet that is no identification (chat, RT packets); none of our business. */
export function readPing(header: VbanHeader, payload: Buffer): VbanPing | PingRejection | undefined {
  const [, byte5, byte6] = header.parameters;
  if ((byte5 & ~REPLY) !== PING0 || byte6 !== IDENTIFICATION) return undefined;
  if (payload.length !== PING_PAYLOAD_BYTES) return 'ping_size';
  const isReply = (byte5 & REPLY) !== 0;
  return { type: 'ping', stream: header.stream, counter: header.counter, isReply, application: readText(payload) };
}

function readText(payload: Buffer): string {
  const [offset, length] = TEXTS.application;
  return payload.toString('latin1', offset, offset + length).split('\0', 1)[0] ?? '';
}

export function encodePing({ stream, counter, isReply }: Pick<VbanPing, 'stream' | 'counter' | 'isReply'>): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + PING_PAYLOAD_BYTES);
  const parameters = [SUB_PROTOCOL.service, PING0 | (isReply ? REPLY : 0), IDENTIFICATION, 0] as const;
  writeHeader(packet, { parameters, stream, counter });
  const payload = packet.subarray(HEADER_BYTES);
  payload.writeUInt32LE(APPLICATION_TYPE, 0);
  payload.writeUInt32LE(AUDIO_FEATURE, 4);
  payload.writeUInt32LE(PREFERRED_RATE_HZ, 12);
  payload.writeUInt32LE(8000, 16);
  payload.writeUInt32LE(96_000, 20);
  payload.writeUInt32LE(1, 28);
  const words = { device: 'audio-gateway', maker: 'Understudy', application: 'Understudy' };
  for (const [field, [offset, length]] of Object.entries(TEXTS)) {
    payload.write(words[field as keyof typeof words], offset, length - 1, 'latin1');
  }
  return packet;
}
