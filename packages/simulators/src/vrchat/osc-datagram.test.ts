import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Bundle, encode, Message } from 'node-osc';
import { MALFORMED_DATAGRAMS } from './malformed-datagrams.ts';
import { encodeOsc, readOscDatagram } from './osc-datagram.ts';

test('a message keeps its type tags: an integer 1 is not a float 1', () => {
  const datagram = encodeOsc(
    '/chatbox/input',
    { type: 'string', value: 'hi' },
    { type: 'boolean', value: true },
    { type: 'boolean', value: false },
    { type: 'float', value: 1 },
    { type: 'integer', value: 1 },
  );
  assert.deepEqual(readOscDatagram(datagram), {
    type: 'messages',
    messages: [{ address: '/chatbox/input', tags: 'sTFfi', values: ['hi', true, false, 1, 1] }],
  });
});

test('addresses and texts of every length keep their tags and values', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zA-Z]{1,9}$/), fc.stringMatching(/^[a-z ]{0,9}$/), (name, value) => {
      assert.deepEqual(readOscDatagram(encodeOsc(`/${name}`, { type: 'string', value })), {
        type: 'messages',
        messages: [{ address: `/${name}`, tags: 's', values: [value] }],
      });
    }),
  );
});

test('a bundle gives its messages in order, nested ones too', () => {
  const bundle = new Bundle(new Message('/one', 1), new Bundle(new Message('/two', 2)), new Message('/three'));
  assert.deepEqual(readOscDatagram(encode(bundle)), {
    type: 'messages',
    messages: [
      { address: '/one', tags: 'i', values: [1] },
      { address: '/two', tags: 'i', values: [2] },
      { address: '/three', tags: '', values: [] },
    ],
  });
});

test('each datagram of osc_garbage is malformed, and for many different reasons', () => {
  const read = MALFORMED_DATAGRAMS.map((datagram) => readOscDatagram(datagram));
  assert.deepEqual(new Set(read.map(({ type }) => type)), new Set(['malformed']));
  assert.ok(new Set(read.map((datagram) => datagram.type === 'malformed' && datagram.reason)).size >= 9);
});

test('no bytes whatsoever make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 96 }), fc.constantFrom('', '/a\0\0,', '#bundle\0'), (bytes, start) => {
      const { type } = readOscDatagram(Buffer.concat([Buffer.from(start), bytes]));
      assert.ok(type === 'messages' || type === 'malformed');
    }),
    { numRuns: 500 },
  );
});
