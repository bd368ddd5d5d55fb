import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTable } from './table.ts';

test('columns are as wide as their widest cell, lines end with their content', () => {
  const rows = [
    ['name', 'state'],
    ['nats', 'ready', 'nats://x'],
    ['audio-gateway', ''],
  ];
  assert.equal(formatTable(rows, '  '), '  name           state\n  nats           ready  nats://x\n  audio-gateway');
  assert.equal(formatTable([]), '');
});
