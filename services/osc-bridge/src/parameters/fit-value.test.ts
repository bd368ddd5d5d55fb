import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bool, float, integer } from '../osc/osc-message.ts';
import type { ParameterFact, ParameterValue } from './avatar-parameters.ts';
import { type Fitted, fitValue } from './fit-value.ts';

const writable = (kind: ParameterFact['kind']): ParameterFact => ({ kind, writable: true, value: undefined });
const fits = (argument: Extract<Fitted, { ok: true }>['argument']): Fitted => ({ ok: true, argument });
const unfit = (reason: Extract<Fitted, { ok: false }>['reason']): Fitted => ({ ok: false, reason });

const CASES: readonly [string, Parameters<typeof fitValue>[0], ParameterValue, Fitted][] = [
  ['a whole number for a float', writable('float'), 1, fits(float(1))],
  ['a whole number for an int', writable('int'), 1, fits(integer(1))],
  ['1 for a bool', writable('bool'), 1, fits(bool(true))],
  ['false for a bool', writable('bool'), false, fits(bool(false))],
  ['2 for a bool', writable('bool'), 2, unfit('wrong_type')],
  ['half for an int', writable('int'), 0.5, unfit('wrong_type')],
  ['256 for an int', writable('int'), 256, unfit('out_of_range')],
  ['true for a float', writable('float'), true, unfit('wrong_type')],
  ['1.5 for a float', writable('float'), 1.5, unfit('out_of_range')],
  ['NaN for a float', writable('float'), Number.NaN, unfit('wrong_type')],
  ['anything for a built-in one', { kind: 'float', writable: false, value: 0 }, 1, unfit('read_only')],
  ['anything for one that does not exist', 'missing', 1, unfit('missing')],
  ['a number for one not known yet', 'unknown', 1, fits(float(1))],
  ['a number that no float takes, for one not known yet', 'unknown', 5, fits(integer(5))],
  ['half of such a number', 'unknown', 1.5, unfit('wrong_type')],
  ['a number that is none, for one not known yet', 'unknown', Number.NaN, unfit('wrong_type')],
  ['a bool for one not known yet', 'unknown', true, fits(bool(true))],
];

for (const [what, fact, value, expected] of CASES) test(what, () => assert.deepEqual(fitValue(fact, value), expected));
