import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lossMessage, staleMessage, unheardMessage } from './loss-message.ts';

const FACTS = { target: '127.0.0.1:9000', receivePort: 9001, echoParameter: 'UnderstudyProbe', inContainer: false };
const RESTART =
  'run `docker compose restart osc-bridge`, since Docker Desktop may have stopped listening at the UDP port that it still lists';

for (const [reason, by, expected] of [
  [
    'no_answer',
    'nothing',
    'VRChat at 127.0.0.1:9000 sends nothing to UDP port 9001 and does not echo UnderstudyProbe; start VRChat, or switch OSC on (Action Menu > Options > OSC > Enabled)',
  ],
  [
    'vrchat_gone',
    'oscquery',
    'VRChat is not running: nobody answers OSCQuery, and OSC to 127.0.0.1:9000 brings nothing back; start VRChat',
  ],
  [
    'vrchat_gone',
    'log',
    'VRChat is not running: its log ends with its quitting, and OSC to 127.0.0.1:9000 brings nothing back; start VRChat',
  ],
  [
    'osc_off',
    'oscquery',
    'VRChat runs (OSCQuery answers) but does not apply OSC at 127.0.0.1:9000: UnderstudyProbe did not change; switch OSC on (Action Menu > Options > OSC > Enabled), rejoin the world, or see whether a VPN or firewall keeps 127.0.0.1:9000 or UDP port 9001 from it',
  ],
  [
    'osc_off',
    'log',
    'VRChat runs (its log grows) but does not apply OSC at 127.0.0.1:9000: UnderstudyProbe did not change; switch OSC on (Action Menu > Options > OSC > Enabled), rejoin the world, or see whether a VPN or firewall keeps 127.0.0.1:9000 or UDP port 9001 from it',
  ],
] as const) {
  test(`${reason}, told by ${by}, says what, where and the remedy`, () =>
    assert.equal(lossMessage(reason, by, FACTS), expected));
}

test('another port that VRChat announces is told, not used', () => {
  assert.equal(
    lossMessage('vrchat_gone', 'oscquery', { ...FACTS, advertisedPort: 9010 }),
    'VRChat is not running: nobody answers OSCQuery, and OSC to 127.0.0.1:9000 brings nothing back; start VRChat; VRChat says that it receives at UDP port 9010: if that is so, set vrchat.send_port to it',
  );
});

test('what VRChat does not apply is told with where it was sent, and with the other port', () => {
  const message =
    'VRChat sends, but does not apply what 127.0.0.1:9000 is sent: UnderstudyProbe does not change; rejoin the world, or reset the OSC configuration in the Action Menu';
  assert.deepEqual(
    [staleMessage(FACTS), staleMessage({ ...FACTS, advertisedPort: 9010 })],
    [message, `${message}; VRChat says that it receives at UDP port 9010: if that is so, set vrchat.send_port to it`],
  );
});

test('F52: VRChat that does what it is sent, but is not heard, is told with what cures it where the bridge runs', () => {
  const found =
    'VRChat does what 127.0.0.1:9000 is sent (OSCQuery shows that UnderstudyProbe changes), but nothing that it sends arrives at UDP port 9001';
  const cure =
    'let this port through the firewall, or start VRChat with an --osc= that ends in it (9000:ADDRESS-OF-THIS-MACHINE:9001)';
  assert.deepEqual(
    [unheardMessage(FACTS), unheardMessage({ ...FACTS, inContainer: true })],
    [`${found}; ${cure}`, `${found}; ${RESTART}, or ${cure}`],
  );
});

test('F52 without OSCQuery: in a container silence may be the lost port, too', () => {
  assert.equal(
    lossMessage('no_answer', 'nothing', { ...FACTS, inContainer: true }),
    `${lossMessage('no_answer', 'nothing', FACTS)}; if both are so, ${RESTART}`,
  );
});
