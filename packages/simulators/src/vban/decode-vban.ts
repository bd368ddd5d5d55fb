import type { VbanAudio } from './vban-audio.ts';
import {
  COUNTER_OFFSET,
  FORMAT_S16,
  HEADER_BYTES,
  MAX_PACKET_BYTES,
  RATE_MASK,
  readFixedText,
  SAMPLE_RATES,
  STREAM_NAME_BYTES,
  STREAM_NAME_OFFSET,
  SUB_PROTOCOL,
  SUB_PROTOCOL_MASK,
} from './vban-header.ts';
import {
  IDENTIFICATION_SERVICE,
  PING_BYTES,
  PING_FUNCTION,
  REPLY_BIT,
  readIdentity,
  type VbanPing,
} from './vban-ping.ts';

export type VbanPacket =
  | ({ readonly type: 'audio' } & VbanAudio)
  | ({ readonly type: 'ping' } & VbanPing)
  /** A valid packet of a kind that no audio device needs (serial, text, chat). */
  | { readonly type: 'other'; readonly stream: string }
  | { readonly type: 'malformed'; readonly reason: string };

const malformed = (reason: string): VbanPacket => ({ type: 'malformed', reason });

/** Reads one datagram; never throws. */
export function decodeVban(packet: Buffer): VbanPacket {
  if (packet.length < HEADER_BYTES) return malformed(`${packet.length} bytes, a header has ${HEADER_BYTES}`);
  if (packet.length > MAX_PACKET_BYTES)
    return malformed(`${packet.length} bytes, at most ${MAX_PACKET_BYTES} are allowed`);
  if (packet.toString('latin1', 0, 4) !== 'VBAN') return malformed('does not start with VBAN');
  const stream = readFixedText(packet.subarray(STREAM_NAME_OFFSET, STREAM_NAME_OFFSET + STREAM_NAME_BYTES));
  const subProtocol = packet.readUInt8(4) & SUB_PROTOCOL_MASK;
  switch (subProtocol) {
    case SUB_PROTOCOL.audio:
      return decodeAudio(packet, stream);
    case SUB_PROTOCOL.service:
      return decodeService(packet, stream);
    case SUB_PROTOCOL.serial:
    case SUB_PROTOCOL.text:
      return { type: 'other', stream };
    default:
      return malformed(`sub-protocol 0x${subProtocol.toString(16)} is not defined`);
  }
}

function decodeAudio(packet: Buffer, stream: string): VbanPacket {
  const sampleRate = SAMPLE_RATES[packet.readUInt8(4) & RATE_MASK];
  if (sampleRate === undefined) return malformed(`sample rate index ${packet.readUInt8(4) & RATE_MASK} is not defined`);
  const format = packet.readUInt8(7);
  if (format !== FORMAT_S16) return malformed(`format byte 0x${format.toString(16)} is not 16-bit PCM (0x01)`);
  const channels = packet.readUInt8(6) + 1;
  const values = (packet.readUInt8(5) + 1) * channels;
  const dataBytes = packet.length - HEADER_BYTES;
  if (values * 2 !== dataBytes)
    return malformed(`the header announces ${values * 2} bytes of audio, ${dataBytes} came`);
  const samples = Int16Array.from({ length: values }, (_, index) => packet.readInt16LE(HEADER_BYTES + index * 2));
  return { type: 'audio', stream, sampleRate, channels, counter: packet.readUInt32LE(COUNTER_OFFSET), samples };
}

function decodeService(packet: Buffer, stream: string): VbanPacket {
  const serviceFunction = packet.readUInt8(5);
  if (packet.readUInt8(6) !== IDENTIFICATION_SERVICE || (serviceFunction & ~REPLY_BIT) !== PING_FUNCTION) {
    return { type: 'other', stream };
  }
  const payload = packet.subarray(HEADER_BYTES);
  if (payload.length !== PING_BYTES) return malformed(`a ping carries ${PING_BYTES} bytes, ${payload.length} came`);
  return {
    type: 'ping',
    stream,
    counter: packet.readUInt32LE(COUNTER_OFFSET),
    isReply: (serviceFunction & REPLY_BIT) !== 0,
    identity: readIdentity(payload),
  };
}
