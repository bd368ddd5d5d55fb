import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lossMessage } from './loss-message.ts';

const FACTS = { target: '127.0.0.1:9000', receivePort: 9001, echoParameter: 'UnderstudyProbe' };

test('each reason says what, where and the remedy', () => {
  assert.deepEqual(
    (['no_answer', 'vrchat_gone', 'osc_off'] as const).map((reason) => lossMessage(reason, FACTS)),
    [
      'VRChat at 127.0.0.1:9000 sends nothing to UDP port 9001 and does not echo UnderstudyProbe; start VRChat, or switch OSC on (Action Menu > Options > OSC > Enabled)',
      'VRChat is not running: nobody answers OSCQuery, and OSC to 127.0.0.1:9000 brings nothing back; start VRChat',
      'VRChat runs (OSCQuery answers) but does not apply OSC at 127.0.0.1:9000: UnderstudyProbe did not change; switch OSC on (Action Menu > Options > OSC > Enabled), or rejoin the world',
    ],
  );
});
