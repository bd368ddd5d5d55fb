import { decode, encode, Message } from 'node-osc';

export type OscValue = number | string | boolean | null;

export interface OscMessage {
  readonly address: string;
  /** Type tags without the comma: `i`, `f`, `s`, `T`, `F`, ... VRChat tells `1` from `1.0` by them, so the simulator does too. */
  readonly tags: string;
  readonly values: readonly OscValue[];
}

export type OscDatagram =
  | { readonly type: 'messages'; readonly messages: readonly OscMessage[] }
  | { readonly type: 'malformed'; readonly reason: string };

const BUNDLE = '#bundle\0';
const BUNDLE_HEADER_BYTES = 16;
const MAX_BUNDLE_DEPTH = 8;

/** Reads one datagram, a message or a bundle of them; never throws. */
export function readOscDatagram(datagram: Buffer): OscDatagram {
  try {
    return { type: 'messages', messages: readElement(datagram, 0) };
  } catch (error) {
    return { type: 'malformed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function readElement(element: Buffer, depth: number): OscMessage[] {
  if (element.length === 0 || element.length % 4 !== 0) {
    throw new Error(`${element.length} bytes: OSC comes in multiples of four`);
  }
  return element.toString('latin1', 0, BUNDLE.length) === BUNDLE ? readBundle(element, depth) : [readMessage(element)];
}

function readBundle(bundle: Buffer, depth: number): OscMessage[] {
  if (depth >= MAX_BUNDLE_DEPTH) throw new Error(`bundles nested deeper than ${MAX_BUNDLE_DEPTH}`);
  const messages: OscMessage[] = [];
  let offset = BUNDLE_HEADER_BYTES;
  while (offset < bundle.length) {
    const size = bundle.readInt32BE(offset);
    const end = offset + 4 + size;
    if (size < 0 || end > bundle.length) throw new Error(`a bundle's element announces ${size} bytes`);
    messages.push(...readElement(bundle.subarray(offset + 4, end), depth + 1));
    offset = end;
  }
  return messages;
}

function readMessage(message: Buffer): OscMessage {
  const decoded: { address: string; args: { value: unknown }[] } = decode(message);
  if (!decoded.address.startsWith('/')) throw new Error(`the address '${decoded.address}' does not start with /`);
  return {
    address: decoded.address,
    tags: readTags(message),
    values: decoded.args.map(({ value }) => plainValue(value)),
  };
}

/** node-osc drops the tags when it decodes. They follow the address, which is padded to four bytes with at least one NUL. */
function readTags(message: Buffer): string {
  const start = Math.ceil((message.indexOf(0) + 1) / 4) * 4;
  return message.toString('latin1', start + 1, message.indexOf(0, start));
}

function plainValue(value: unknown): OscValue {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  return Buffer.isBuffer(value) ? value.toString('base64') : null;
}

/** An argument with its type said: node-osc would send the number 1.0 as an integer. */
export type OscArgument =
  | { readonly type: 'integer' | 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean };

export const encodeOsc = (address: string, ...args: readonly OscArgument[]): Buffer =>
  encode(new Message(address, ...args));
