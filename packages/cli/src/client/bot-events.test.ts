import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INCIDENT, MODE } from '../testing/answers.fixture.ts';
import { readBotEvent } from './bot-events.ts';

const step = { type: 'resolved', at: '2026-11-24T15:01:13.000Z', reason: 'it answers again' };

test('incidents and modes are read; what else a later version sends with them is kept', () => {
  const sent = { incident: { ...INCIDENT, newField: 1 }, step: { ...step, newField: 2 }, text: 'more' };
  assert.deepEqual(readBotEvent('incident', JSON.stringify(sent)), { type: 'incident', ...sent });
  assert.deepEqual(readBotEvent('mode', JSON.stringify(MODE)), { type: 'mode', ...MODE });
});

test('an unknown event, or one that is not as it should be, is passed over', () => {
  const { code: _code, ...withoutCode } = INCIDENT;
  const wrong: [string | undefined, string][] = [
    ['weather', JSON.stringify(MODE)],
    [undefined, JSON.stringify(MODE)],
    ['mode', '{"mode":"sideways"}'],
    ['mode', '{'],
    ['incident', JSON.stringify({ incident: withoutCode, step })],
    ['incident', 'null'],
  ];
  assert.deepEqual(
    wrong.map(([name, data]) => readBotEvent(name, data)),
    wrong.map(() => undefined),
  );
});

test('nothing that is sent makes the reader throw', () => {
  fc.assert(
    fc.property(fc.constantFrom('incident', 'mode', 'x'), fc.oneof(fc.string(), fc.json()), (name, data) => {
      readBotEvent(name, data);
    }),
  );
});
