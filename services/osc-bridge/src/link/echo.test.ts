import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { bool, message, type OscMessage } from '../osc/osc-message.ts';
import type { OscQueryAnswer } from '../osc-query/osc-query.ts';
import { createEcho } from './echo.ts';

const ADDRESS = '/avatar/parameters/UnderstudyProbe';
const never = new AbortController().signal;

function arrange(answer: OscQueryAnswer = { peer: 'unknown' }, takes = true) {
  const clock = createFakeClock();
  const sent: OscMessage[] = [];
  const echo = createEcho({
    clock,
    parameter: () => 'UnderstudyProbe',
    timeoutMs: () => 1000,
    send: async (outgoing) => {
      sent.push(outgoing);
      return takes;
    },
    oscQuery: { isConfigured: () => true, ask: async () => answer, distrust: () => {} },
  });
  return { clock, sent, echo };
}

test('the value that was set comes back: proven', async () => {
  const { clock, sent, echo } = arrange();
  const result = echo.ask(never);
  await clock.advance(500);
  assert.equal(echo.heard(true), true);
  assert.deepEqual(await result, { proven: true, by: 'echo' });
  assert.deepEqual(sent, [message(ADDRESS, bool(true))]);
  assert.equal(clock.sleepers(), 0);
});

test('another value is no answer', async () => {
  const { clock, echo } = arrange();
  const result = echo.ask(never);
  await clock.advance(10);
  assert.equal(echo.heard(false), false);
  await clock.advance(1000);
  assert.deepEqual(await result, { proven: false, peer: 'unknown', parameter: 'unknown' });
});

test('each question toggles, from what the parameter is known to be', async () => {
  const { clock, sent, echo } = arrange();
  echo.learn(true);
  for (let asks = 0; asks < 2; asks += 1) {
    const result = echo.ask(never);
    await clock.advance(1000);
    await result;
  }
  assert.deepEqual(sent, [message(ADDRESS, bool(false)), message(ADDRESS, bool(true))]);
});

const fact = (value: boolean) => new Map([['UnderstudyProbe', { kind: 'bool' as const, writable: true, value }]]);

for (const [what, answer, expected] of [
  ['OSCQuery shows the value', { peer: 'runs', parameters: fact(true) }, { proven: true, by: 'oscquery' }],
  [
    'OSCQuery shows the old value',
    { peer: 'runs', parameters: fact(false) },
    { proven: false, peer: 'runs', parameter: 'unknown' },
  ],
  [
    'OSCQuery knows no such parameter',
    { peer: 'runs', parameters: new Map() },
    { proven: false, peer: 'runs', parameter: 'absent' },
  ],
  ['nobody answers OSCQuery', { peer: 'gone' }, { proven: false, peer: 'gone', parameter: 'unknown' }],
] as const) {
  test(`without an echo: ${what}`, async () => {
    const { clock, echo } = arrange(answer);
    echo.learn(false);
    const result = echo.ask(never);
    await clock.advance(1000);
    assert.deepEqual(await result, expected);
  });
}

test('what could not be sent is not waited for', async () => {
  const { echo } = arrange({ peer: 'unknown' }, false);
  assert.deepEqual(await echo.ask(never), { proven: false, peer: 'unknown', parameter: 'unknown' });
});

test('a value that OSCQuery shows proves nothing when it was so before: OSC may be off', async () => {
  const { clock, sent, echo } = arrange({ peer: 'runs', parameters: fact(true) });
  for (let asks = 0; asks < 3; asks += 1) {
    const result = echo.ask(never);
    await clock.advance(1000);
    assert.deepEqual(await result, { proven: false, peer: 'runs', parameter: 'unknown' });
  }
  assert.deepEqual(sent, [message(ADDRESS, bool(true)), message(ADDRESS, bool(false)), message(ADDRESS, bool(false))]);
});
