import { decode } from 'node-osc';
import type { OscArgument, OscMessage } from './osc-message.ts';

/** Why a datagram, or a part of it, was dropped; the label of `bad_input_total{edge="osc"}`. */
export type BadDatagram =
  | 'malformed'
  | 'address'
  | 'argument_type'
  | 'too_many_arguments'
  | 'too_many_messages'
  | 'nested_too_deep';

export type Decoded =
  | { readonly ok: true; readonly messages: readonly OscMessage[] }
  | { readonly ok: false; readonly reason: BadDatagram };

const MAX_ARGUMENTS = 16;
const MAX_MESSAGES = 256;
const MAX_DEPTH = 4;
const BUNDLE = Buffer.from('#bundle\0');
const BUNDLE_HEADER_BYTES = 16;

/** node-osc decodes values without their types, and 1 may be an integer or a float: the type tags are read here. */
const ARGUMENT_KINDS: Readonly<Record<string, OscArgument['type']>> = {
  s: 'string',
  i: 'integer',
  f: 'float',
  T: 'boolean',
  F: 'boolean',
};

const bad = (reason: BadDatagram): Decoded => ({ ok: false, reason });

/** The type tags without their comma; undefined where there are none (node-osc refuses such a message too). */
function typeTagsOf(packet: Buffer): string | undefined {
  const addressEnd = packet.indexOf(0);
  const start = (Math.floor(addressEnd / 4) + 1) * 4;
  const end = packet.indexOf(0, start);
  if (addressEnd < 0 || end < 0 || packet[start] !== 0x2c) return undefined;
  return packet.toString('latin1', start + 1, end);
}

function toArgument(tag: string, value: unknown): OscArgument | undefined {
  const type = ARGUMENT_KINDS[tag];
  if (type === 'string' && typeof value === 'string') return { type, value };
  if (type === 'boolean' && typeof value === 'boolean') return { type, value };
  if ((type === 'integer' || type === 'float') && typeof value === 'number' && Number.isFinite(value))
    return { type, value };
  return undefined;
}

interface DecodedMessage {
  readonly address: string;
  readonly args: readonly { readonly value: unknown }[];
}

function decodeMessage(packet: Buffer): Decoded {
  const tags = typeTagsOf(packet);
  if (tags === undefined) return bad('malformed');
  if (tags.length > MAX_ARGUMENTS) return bad('too_many_arguments');
  if ([...tags].some((tag) => ARGUMENT_KINDS[tag] === undefined)) return bad('argument_type');
  let decoded: DecodedMessage;
  try {
    decoded = decode(packet);
  } catch {
    return bad('malformed');
  }
  if (!decoded.address.startsWith('/')) return bad('address');
  const args: OscArgument[] = [];
  for (const [index, { value }] of decoded.args.entries()) {
    const argument = toArgument(tags[index] ?? '', value);
    if (!argument) return bad('argument_type');
    args.push(argument);
  }
  return { ok: true, messages: [{ address: decoded.address, args }] };
}

function decodeBundle(packet: Buffer, depth: number): Decoded {
  if (depth > MAX_DEPTH) return bad('nested_too_deep');
  if (packet.length < BUNDLE_HEADER_BYTES) return bad('malformed');
  const messages: OscMessage[] = [];
  let offset = BUNDLE_HEADER_BYTES;
  while (offset < packet.length) {
    if (offset + 4 > packet.length) return bad('malformed');
    const size = packet.readInt32BE(offset);
    const start = offset + 4;
    if (size <= 0 || start + size > packet.length) return bad('malformed');
    const element = decodePacket(packet.subarray(start, start + size), depth + 1);
    if (!element.ok) return element;
    messages.push(...element.messages);
    if (messages.length > MAX_MESSAGES) return bad('too_many_messages');
    offset = start + size;
  }
  return { ok: true, messages };
}

const decodePacket = (packet: Buffer, depth: number): Decoded =>
  packet.subarray(0, BUNDLE.length).equals(BUNDLE) ? decodeBundle(packet, depth) : decodeMessage(packet);

/**
 * One UDP datagram: a message, or a bundle whose time tag is not waited for. All of it or nothing is taken; never throws.
 * Source: opensoundcontrol.org/spec-1_0
 */
export const decodeDatagram = (datagram: Buffer): Decoded => decodePacket(datagram, 0);
