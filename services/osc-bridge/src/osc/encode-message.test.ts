import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeMessage } from './encode-message.ts';
import { bool, float, integer, message, text } from './osc-message.ts';

test('a chatbox message has the tags that VRChat wants', () => {
  const datagram = encodeMessage(message('/chatbox/input', text('Hi'), bool(true), bool(false)));
  assert.equal(datagram.toString('latin1'), '/chatbox/input\0\0,sTF\0\0\0\0Hi\0\0');
});

for (const [what, argument, reason] of [
  ['a number that is none', float(Number.NaN), '/a: NaN is no float'],
  ['an integer of more than 32 bits', integer(2 ** 31), '/a: 2147483648 is no 32-bit integer'],
  ['a fraction as integer', integer(0.5), '/a: 0.5 is no 32-bit integer'],
  ['a NUL', text('a\0b'), '/a: a NUL would end the text early'],
] as const) {
  test(`${what} is refused`, () => assert.throws(() => encodeMessage(message('/a', argument)), new TypeError(reason)));
}
