import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { FAULT_NAMES, FAULTS } from './fault-table.ts';

test('the README lists every fault as the table has it, and no other', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const listed = readme
    .split('\n')
    .map((line) => /^\| `(\w+)` \| (\w+) \| ([^|]+) \| ([^|]+) \|$/.exec(line))
    .flatMap((match) => (match ? [match.slice(1, 5)] : []));
  assert.deepEqual(
    listed,
    FAULT_NAMES.map((name) => [name, FAULTS[name].simulator, FAULTS[name].targets, FAULTS[name].effect]),
  );
});
