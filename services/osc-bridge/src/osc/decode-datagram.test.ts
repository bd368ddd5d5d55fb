import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Bundle, encode, Message } from 'node-osc';
import { decodeDatagram } from './decode-datagram.ts';
import { encodeMessage } from './encode-message.ts';
import { bool, float, integer, message, type OscArgument, text } from './osc-message.ts';

test('types survive: a whole float stays a float', () => {
  const sent = message('/avatar/parameters/Mood', float(1), integer(1), bool(true), bool(false), text('Grüße 👋'));
  assert.deepEqual(decodeDatagram(encodeMessage(sent)), { ok: true, messages: [sent] });
});

const bundle = (...packets: readonly Buffer[]): Buffer => {
  const parts = packets.flatMap((packet) => {
    const size = Buffer.alloc(4);
    size.writeInt32BE(packet.length);
    return [size, packet];
  });
  return Buffer.concat([Buffer.from('#bundle\0'), Buffer.alloc(8), ...parts]);
};
const nested = (depth: number, packet: Buffer): Buffer => (depth === 0 ? packet : bundle(nested(depth - 1, packet)));

test('a bundle, also one within another, is its messages in order', () => {
  const first = message('/avatar/parameters/A', integer(1));
  const second = message('/avatar/parameters/B', float(2));
  const datagram = bundle(encodeMessage(first), bundle(encodeMessage(second)), encodeMessage(first));
  assert.deepEqual(decodeDatagram(datagram), { ok: true, messages: [first, second, first] });
});

test('a bundle of node-osc is read', () => {
  const datagram = encode(new Bundle(new Message('/a', { type: 'float', value: 1 })));
  assert.deepEqual(decodeDatagram(datagram), { ok: true, messages: [message('/a', float(1))] });
});

const raw = (address: string, tags: string, ...data: number[]): Buffer => {
  const padded = (part: string): Buffer =>
    Buffer.from(part.padEnd((Math.floor(Buffer.byteLength(part) / 4) + 1) * 4, '\0'));
  return Buffer.concat([padded(address), padded(tags), Buffer.from(data)]);
};
const good = encodeMessage(message('/a', integer(1)));

for (const [what, datagram, reason] of [
  ['nothing', Buffer.alloc(0), 'malformed'],
  ['text', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'malformed'],
  ['no type tags', Buffer.from('/a\0\0'), 'malformed'],
  ['an argument that ends early', good.subarray(0, -2), 'malformed'],
  ['an address without a slash', encodeMessage(message('error', integer(1))), 'address'],
  ['a type that VRChat does not send', raw('/a', ',d', 0, 0, 0, 0, 0, 0, 0, 0), 'argument_type'],
  ['a float that is no number', raw('/a', ',f', 0x7f, 0xc0, 0, 0), 'argument_type'],
  ['very many arguments', raw('/a', `,${'T'.repeat(17)}`), 'too_many_arguments'],
  ['a bundle that ends in its head', Buffer.from('#bundle\0\0\0'), 'malformed'],
  ['a bundle whose part is longer than itself', nested(1, good).subarray(0, -4), 'malformed'],
  ['bundles within bundles', nested(6, good), 'nested_too_deep'],
] as const) {
  test(`${what} is ${reason}`, () => assert.deepEqual(decodeDatagram(datagram), { ok: false, reason }));
}

test('a bundle of very many messages is refused', () => {
  const elements = Array.from({ length: 300 }, () => ({ oscType: 'message', address: '/a', args: [] }));
  assert.deepEqual(decodeDatagram(encode({ oscType: 'bundle', timetag: 0, elements })), {
    ok: false,
    reason: 'too_many_messages',
  });
});

const argument: fc.Arbitrary<OscArgument> = fc.oneof(
  fc.string({ unit: 'binary' }).map((value) => text(value.toWellFormed().replaceAll('\0', ''))),
  fc.boolean().map(bool),
  fc.integer().map(integer),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => float(Math.fround(value))),
);

test('property: what is encoded is decoded as it was', () => {
  const address = fc.stringMatching(/^[A-Za-z0-9_/]{1,40}$/).map((name) => `/${name}`);
  fc.assert(
    fc.property(address, fc.array(argument, { maxLength: 8 }), (where, args) => {
      const sent = message(where, ...args);
      assert.deepEqual(decodeDatagram(encodeMessage(sent)), { ok: true, messages: [sent] });
    }),
  );
});

test('property: no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeDatagram(Buffer.from(bytes))),
    { numRuns: 2000 },
  );
});

test('property: no mutation of a good datagram makes it throw', () => {
  const originals = [good, nested(2, good), encodeMessage(message('/avatar/change', text('avtr_1')))];
  const mutation = fc.record({ at: fc.nat(80), to: fc.nat(255), cut: fc.nat(80) });
  fc.assert(
    fc.property(fc.constantFrom(...originals), fc.array(mutation, { maxLength: 6 }), (original, mutations) => {
      let bytes = Buffer.from(original);
      for (const { at, to, cut } of mutations) {
        bytes[at % bytes.length] = to;
        if (cut % 7 === 0 && bytes.length > 1) bytes = bytes.subarray(0, Math.max(1, cut % bytes.length));
      }
      decodeDatagram(bytes);
    }),
    { numRuns: 3000 },
  );
});
