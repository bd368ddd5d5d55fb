import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ParameterFact } from '../parameters/avatar-parameters.ts';
import type { ListedParameter } from './link.ts';
import { listedAs } from './listed-as.ts';

const fact = (kind: ParameterFact['kind'], writable: boolean): ParameterFact => ({ kind, writable, value: undefined });

const rows: readonly [what: string, known: ParameterFact | 'unknown' | 'missing', listed: ListedParameter][] = [
  ['a bool that may be written', fact('bool', true), 'present'],
  ['a bool of VRChat itself', fact('bool', false), 'absent'],
  ['an int of that name', fact('int', true), 'absent'],
  ['a float of that name', fact('float', true), 'absent'],
  ['no such parameter in a whole list', 'missing', 'absent'],
  ['no list', 'unknown', 'unknown'],
];

for (const [what, known, listed] of rows) test(`${what}: ${listed}`, () => assert.equal(listedAs(known), listed));
