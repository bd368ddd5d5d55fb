import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeMessage } from './encode-message.ts';
import { classifyMessage, createIncoming, type FromVrchat } from './incoming.ts';
import { bool, float, message, text } from './osc-message.ts';

function listen() {
  const heard: FromVrchat[] = [];
  const bad: Record<string, number> = {};
  let counted = 0;
  const incoming = createIncoming({
    onMessage: (from) => heard.push(from),
    countMessage: () => {
      counted += 1;
    },
    countBad: (reason) => {
      bad[reason] = (bad[reason] ?? 0) + 1;
    },
  });
  return { incoming, heard, bad, counted: () => counted };
}

for (const [what, received, expected] of [
  [
    'a parameter',
    message('/avatar/parameters/Group/Mood', float(1)),
    { type: 'parameter', name: 'Group/Mood', argument: float(1) },
  ],
  ['an avatar', message('/avatar/change', text('avtr_1')), { type: 'avatar_change', avatarId: 'avtr_1' }],
  ['the tracking of a headset', message('/tracking/vrsystem/head/pose', float(1)), { type: 'other' }],
  ['another program', message('/composition/layers/1', float(1)), undefined],
  [
    'a parameter with a name as long as a datagram',
    message(`/avatar/parameters/${'n'.repeat(60_000)}`, float(1)),
    undefined,
  ],
  ['a parameter without a value', message('/avatar/parameters/Mood'), undefined],
  ['an avatar without an id', message('/avatar/change', bool(true)), undefined],
] as const) {
  test(`${what} is ${expected?.type ?? 'no sign of VRChat'}`, () =>
    assert.deepEqual(classifyMessage(received), expected));
}

test('what is not understood is counted by reason and reaches nobody', () => {
  const { incoming, heard, bad, counted } = listen();
  incoming.onDatagram(Buffer.from('garbage'));
  incoming.onDatagram(encodeMessage(message('/somewhere/else', float(1))));
  assert.deepEqual(
    { heard, bad, counted: counted() },
    { heard: [], bad: { malformed: 1, unknown_address: 1 }, counted: 1 },
  );
});

test('a flood is bounded per beat and counted', () => {
  const { incoming, heard, bad } = listen();
  const datagram = encodeMessage(message('/avatar/parameters/Tail_Angle', float(0.5)));
  for (let index = 0; index < 1500; index += 1) incoming.onDatagram(datagram);
  assert.deepEqual({ heard: heard.length, bad }, { heard: 1000, bad: { flood: 500 } });
  incoming.beat();
  incoming.onDatagram(datagram);
  assert.equal(heard.length, 1001);
});
