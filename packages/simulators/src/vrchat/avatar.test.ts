import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Avatar, judgeParameterWrite, PARAMETERS_PREFIX, type ParameterWrite } from './avatar.ts';
import type { OscValue } from './osc-datagram.ts';

const AVATAR: Avatar = { id: 'avtr_1', parameters: { Emotion: 'int', Mood: 'float', Speaking: 'bool' } };

const accepted = (name: string, value: number | boolean): ParameterWrite => ({ type: 'accepted', name, value });
const dropped = (rule: string, detail: string): ParameterWrite => ({ type: 'dropped', rule, detail });

const rows: [name: string, tags: string, value: OscValue, expected: ParameterWrite][] = [
  ['Emotion', 'i', 255, accepted('Emotion', 255)],
  ['Mood', 'f', -1, accepted('Mood', -1)],
  ['Speaking', 'T', true, accepted('Speaking', true)],
  ['Speaking', 'F', false, accepted('Speaking', false)],
  ['emotion', 'i', 1, dropped('parameter_unknown', 'avtr_1 has no parameter emotion')],
  ['toString', 'i', 1, dropped('parameter_unknown', 'avtr_1 has no parameter toString')],
  ['Mood', 'i', 1, dropped('parameter_mistyped', "Mood is float, ',i' came")],
  ['Emotion', 'f', 1, dropped('parameter_mistyped', "Emotion is int, ',f' came")],
  ['Speaking', 'i', 1, dropped('parameter_mistyped', "Speaking is bool, ',i' came")],
  ['Emotion', 'i', 256, dropped('parameter_out_of_range', 'Emotion is int, 256 came')],
  ['Mood', 'f', 1.5, dropped('parameter_out_of_range', 'Mood is float, 1.5 came')],
  ['Mood', 'f', Number.NaN, dropped('parameter_out_of_range', 'Mood is float, NaN came')],
  ['Viseme', 'i', 1, dropped('parameter_read_only', 'Viseme is built in')],
];

for (const [name, tags, value, expected] of rows) {
  test(`writing ${name} ,${tags} ${value}: ${expected.type === 'dropped' ? expected.rule : 'accepted'}`, () => {
    assert.deepEqual(
      judgeParameterWrite(AVATAR, { address: PARAMETERS_PREFIX + name, tags, values: [value] }),
      expected,
    );
  });
}
