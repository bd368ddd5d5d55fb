import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import { bool, message, type OscMessage } from '../osc/osc-message.ts';
import type { OscQueryAnswer } from '../osc-query/osc-query.ts';
import { createEcho } from './echo.ts';
import type { ListedParameter } from './link.ts';

const ADDRESS = '/avatar/parameters/UnderstudyProbe';
const never = new AbortController().signal;

function arrange(answer: OscQueryAnswer = { peer: 'unknown' }, takes = true, listed: ListedParameter = 'unknown') {
  const clock = createFakeClock();
  const sent: OscMessage[] = [];
  const roundTrips: number[] = [];
  const echo = createEcho({
    clock,
    parameter: () => 'UnderstudyProbe',
    timeoutMs: () => 1000,
    send: async (outgoing) => {
      sent.push(outgoing);
      return takes;
    },
    oscQuery: { ask: async () => answer },
    listed: () => listed,
    onRoundTrip: (ms) => roundTrips.push(ms),
  });
  return { clock, sent, echo, roundTrips };
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
    { proven: false, peer: 'runs', parameter: 'present' },
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
  const miss = { proven: false, peer: 'runs', parameter: 'present' };
  // Nothing was known of it before the first question: it may have changed.
  for (const expected of [{ ...miss, undecided: true }, miss, miss]) {
    const result = echo.ask(never);
    await clock.advance(1000);
    assert.deepEqual(await result, expected);
  }
  assert.deepEqual(sent, [message(ADDRESS, bool(true)), message(ADDRESS, bool(false)), message(ADDRESS, bool(false))]);
});

test('OSCQuery shows false until the first change: a bool that was true is found by toggling it all the same', async () => {
  const { clock, sent, echo } = arrange({ peer: 'runs', parameters: fact(false) });
  for (let asks = 0; asks < 2; asks += 1) {
    const result = echo.ask(never);
    await clock.advance(1000);
    assert.equal((await result).proven, false);
  }
  const third = echo.ask(never);
  echo.heard(false);
  await clock.advance(1000);
  assert.deepEqual(await third, { proven: true, by: 'echo' });
  assert.deepEqual(
    sent,
    [true, true, false].map((value) => message(ADDRESS, bool(value))),
  );
});

test('without OSCQuery it says what other lists say of the parameter', async () => {
  const { clock, echo } = arrange({ peer: 'unknown' }, true, 'present');
  const result = echo.ask(never);
  await clock.advance(1000);
  assert.deepEqual(await result, { proven: false, peer: 'unknown', parameter: 'present' });
});

test('the way there and back is measured once a question, and of an echo that comes too late, too', async () => {
  const { clock, echo, roundTrips } = arrange();
  const first = echo.ask(never);
  await clock.advance(40);
  echo.heard(true);
  echo.heard(true);
  await first;
  const late = echo.ask(never);
  await clock.advance(1500);
  await late;
  echo.heard(false);
  assert.deepEqual(roundTrips, [40, 1500]);
});
