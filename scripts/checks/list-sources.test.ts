import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { listSources } from './list-sources.ts';

test('lists files with the asked endings below the asked folders, ours only', () => {
  const root = mkdtempSync(join(tmpdir(), 'understudy-list-sources-'));
  const files = [
    'b/x.ts',
    'b/deep/y.test.ts',
    'b/z.md',
    'b/node_modules/p/i.ts',
    'b/.understudy/c.ts',
    'a/logs/l.ts',
    'a/w.ts',
    'c/v.ts',
  ];
  try {
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    assert.deepEqual(listSources(root, ['b', 'a', 'not-there'], ['.ts']), ['a/w.ts', 'b/deep/y.test.ts', 'b/x.ts']);
    assert.deepEqual(listSources(root, ['b'], ['.test.ts', '.md']), ['b/deep/y.test.ts', 'b/z.md']);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
