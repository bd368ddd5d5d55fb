import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readParameterTree } from './parameter-tree.ts';

const tree = {
  FULL_PATH: '/avatar/parameters',
  ACCESS: 0,
  CONTENTS: {
    Mood: { FULL_PATH: '/avatar/parameters/Mood', TYPE: 'f', ACCESS: 3, VALUE: [1] },
    Probe: { FULL_PATH: '/avatar/parameters/Probe', TYPE: 'T', ACCESS: 3, VALUE: [1] },
    Viseme: { FULL_PATH: '/avatar/parameters/Viseme', TYPE: 'i', ACCESS: 1, VALUE: [4] },
    Group: {
      FULL_PATH: '/avatar/parameters/Group',
      CONTENTS: { Hat: { FULL_PATH: '/avatar/parameters/Group/Hat', TYPE: 'F', VALUE: [false] } },
    },
    Strange: { FULL_PATH: '/avatar/parameters/Strange', TYPE: 's', VALUE: ['x'] },
    Broken: 7,
  },
};

test('types, values and rights of all parameters, also grouped ones', () => {
  assert.deepEqual(
    readParameterTree(tree),
    new Map([
      ['Group/Hat', { kind: 'bool', writable: true, value: false }],
      ['Viseme', { kind: 'int', writable: false, value: 4 }],
      ['Probe', { kind: 'bool', writable: true, value: true }],
      ['Mood', { kind: 'float', writable: true, value: 1 }],
    ]),
  );
});

test('a tree without end is read to a bound', () => {
  const node: Record<string, unknown> = { FULL_PATH: '/avatar/parameters/A', TYPE: 'f' };
  node['CONTENTS'] = { a: node, b: node };
  assert.deepEqual([...readParameterTree(node).keys()], ['A']);
});

test('property: no JSON makes it throw', () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => void readParameterTree(json)));
});
