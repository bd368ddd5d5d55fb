import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeEnd } from './describe-end.ts';

const end = { code: null, signal: null, lastLines: [] } as const;

test('how a process ended, in a few words', () => {
  const described = [
    describeEnd({ ...end, signal: 'SIGKILL', lastLines: ['Error: unrelated'] }),
    describeEnd({ ...end, code: 0 }),
    describeEnd({
      ...end,
      code: 1,
      lastLines: ['starting', 'TypeError: x is not a function', '    at main.ts:3:1', 'Node.js v26'],
    }),
    describeEnd({ ...end, code: 2, lastLines: ['first', 'last'] }),
    describeEnd({ ...end, startError: new Error('spawn nats-server ENOENT') }),
  ];
  assert.deepEqual(described, [
    'killed by SIGKILL',
    'exit code 0',
    'exit code 1: TypeError: x is not a function',
    'exit code 2: last',
    'could not be started: spawn nats-server ENOENT',
  ]);
});
