import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { createSpentFile } from './spent-file.ts';

it('is read again as it was written; of a broken file nothing is known', () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-spent-'));
  const path = join(folder, 'sub', 'spent.json');
  const minutes = [{ minute: 29_000_000, tokens: 120, cost: 0.5 }];
  assert.deepEqual(createSpentFile(path).read(), []);
  createSpentFile(path).write(minutes);
  assert.deepEqual(createSpentFile(path).read(), minutes);
  for (const broken of ['', '{"minutes":[{', '{"minutes":[{"minute":"x"}]}', '[]']) {
    writeFileSync(path, broken);
    assert.deepEqual(createSpentFile(path).read(), []);
  }
  rmSync(folder, { recursive: true });
});
