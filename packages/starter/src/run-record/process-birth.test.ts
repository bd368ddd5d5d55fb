import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStartTicks } from './process-birth.ts';

const stat = (name: string, state: string) =>
  `4242 (${name}) ${state} 1 4242 4242 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 11 0 987654 1000 200 18446744073709551615`;

test('the start time is found behind any name, and a zombie has none', () => {
  assert.equal(parseStartTicks(stat('node', 'S')), '987654');
  assert.equal(parseStartTicks(stat('a (b) c) S 1 2', 'R')), '987654');
  assert.equal(parseStartTicks(stat('node', 'Z')), undefined);
  assert.equal(parseStartTicks(''), undefined);
});
