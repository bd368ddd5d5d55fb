import { HEADER_BYTES, readFixedText, SUB_PROTOCOL, writeHeader } from './vban-header.ts';

// VBAN service PING0: "who are you?". Byte 5 = function 0, with 0x80 set in the reply; byte 6 = service 0, identification.
export const PING_BYTES = 676;
export const PING_FUNCTION = 0;
export const REPLY_BIT = 0x80;
export const IDENTIFICATION_SERVICE = 0;

/** Where each field of the ping payload lies; lengths in bytes. */
const NUMBERS = { applicationType: 0, features: 4, preferredRate: 12, minRate: 16, maxRate: 20, version: 28 } as const;
const TEXTS = {
  languageCode: [48, 8],
  device: [164, 64],
  manufacturer: [228, 64],
  application: [292, 64],
  host: [356, 64],
  userName: [420, 128],
  comment: [548, 128],
} as const;
const UTF8_FIELDS: readonly string[] = ['userName', 'comment'];

type NumberField = keyof typeof NUMBERS;
type TextField = keyof typeof TEXTS;
export type PingIdentity = Readonly<Record<NumberField, number> & Record<TextField, string>>;

export interface VbanPing {
  readonly stream: string;
  readonly counter: number;
  readonly isReply: boolean;
  readonly identity: PingIdentity;
}

export function encodePing({ stream, counter, isReply, identity }: VbanPing): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + PING_BYTES);
  const serviceFunction = PING_FUNCTION | (isReply ? REPLY_BIT : 0);
  writeHeader(packet, [SUB_PROTOCOL.service, serviceFunction, IDENTIFICATION_SERVICE, 0], stream, counter);
  const payload = packet.subarray(HEADER_BYTES);
  for (const [field, offset] of numberFields) payload.writeUInt32LE(identity[field], offset);
  for (const [field, [offset, length]] of textFields) {
    // One byte stays NUL: the fields are C strings.
    payload.write(identity[field], offset, length - 1, UTF8_FIELDS.includes(field) ? 'utf8' : 'latin1');
  }
  return packet;
}

/** The identity in a ping's payload of PING_BYTES. */
export function readIdentity(payload: Buffer): PingIdentity {
  const text = (field: TextField): string => {
    const [offset, length] = TEXTS[field];
    return readFixedText(payload.subarray(offset, offset + length), UTF8_FIELDS.includes(field) ? 'utf8' : 'latin1');
  };
  const number = (field: NumberField): number => payload.readUInt32LE(NUMBERS[field]);
  return {
    applicationType: number('applicationType'),
    features: number('features'),
    preferredRate: number('preferredRate'),
    minRate: number('minRate'),
    maxRate: number('maxRate'),
    version: number('version'),
    languageCode: text('languageCode'),
    device: text('device'),
    manufacturer: text('manufacturer'),
    application: text('application'),
    host: text('host'),
    userName: text('userName'),
    comment: text('comment'),
  };
}

const numberFields = Object.entries(NUMBERS) as [NumberField, number][];
const textFields = Object.entries(TEXTS) as [TextField, readonly [number, number]][];
