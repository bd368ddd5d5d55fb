import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hintOf, type LogState, NO_LOG, onLook } from './log-state.ts';
import { readLogLine } from './read-log-line.ts';

const line = (body: string): string => `2026.11.24 21:16:16 Debug      -  ${body}`;
const look = (lines: readonly string[], facts: { started?: boolean; grew?: boolean } = {}) => ({
  file: 'output_log',
  started: false,
  grew: true,
  lines,
  ...facts,
});

for (const [what, text, expected] of [
  [
    'a port',
    line('Advertising Service VRChat-Client-A1B2C3 of type OSCQuery on 54321'),
    { type: 'oscquery_port', port: 54_321 },
  ],
  ['a port that is none', line('Advertising Service VRChat-Client-A1B2C3 of type OSCQuery on 99999'), undefined],
  ['a way to a world', line('[Behaviour] Joining wrld_4432ea9b-729c:123~region(eu)'), { type: 'world_entering' }],
  ['a world that is there', line('[Behaviour] Finished entering world.'), { type: 'world_entered' }],
  ['the end', line('VRCApplication: OnApplicationQuit at 5683.313'), { type: 'quit' }],
  ['what a world writes', line('[UdonBehaviour] VRCApplication: OnApplicationQuit at 1'), undefined],
  ['the second line of a message', 'VRCApplication: OnApplicationQuit at 1', undefined],
] as const) {
  test(`the log tells ${what}`, () => assert.deepEqual(readLogLine(text), expected));
}

test('the first look takes the port and the end, but no world that was entered long ago', () => {
  const lines = [
    line('Advertising Service VRChat-Client-A1B2C3 of type OSCQuery on 54321'),
    line('[Behaviour] Entering Room: Home'),
  ];
  assert.deepEqual(onLook(NO_LOG, look(lines, { started: true, grew: false }), 0, true), {
    ...NO_LOG,
    oscQueryPort: 54_321,
  });
});

test('VRChat that quit is gone until it starts anew', () => {
  const quit = onLook(NO_LOG, look([line('VRCApplication: HandleApplicationQuit at 9')]), 1000, false);
  assert.equal(hintOf(quit, 2000, 500), 'gone');
  const again = onLook(quit, look([], { started: true, grew: false }), 60_000, false);
  assert.equal(hintOf(again, 61_000, 500), 'runs');
});

test('a world that loads excuses silence for a minute, until it is entered', () => {
  const loading = onLook(NO_LOG, look([line('[Behaviour] Entering Room: Home')]), 1000, false);
  assert.deepEqual([hintOf(loading, 60_999, 900), hintOf(loading, 61_000, 900)], ['loading', 'unknown']);
  const entered = onLook(loading, look([line('[Behaviour] Finished entering world.')]), 5000, false);
  assert.equal(hintOf(entered, 5000, 5000), 'unknown');
});

test('growth proves that VRChat runs only where a crash cannot have written it, and not for long', () => {
  const grew = (grewAt: number): LogState => ({ ...NO_LOG, grewAt });
  assert.deepEqual(
    [hintOf(grew(13_000), 14_000, 10_000), hintOf(grew(13_001), 14_000, 10_000), hintOf(grew(13_001), 50_000, 10_000)],
    ['unknown', 'runs', 'unknown'],
  );
});
