import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStage } from './run-stage.ts';
import type { FileReport } from './run-test-file.ts';

test('a stage runs as many files at once as it allows, prints each when done, and adds them up', async () => {
  const running = new Set<string>();
  const mostAtOnce = { files: 0 };
  const printed: string[] = [];
  const runFile = async (file: string): Promise<FileReport> => {
    running.add(file);
    mostAtOnce.files = Math.max(mostAtOnce.files, running.size);
    await Promise.resolve();
    running.delete(file);
    return { file, passed: 2, failed: 0, skipped: 1, durationMs: 1, failures: [], output: '' };
  };
  const stage = {
    name: 'unit',
    filesAtOnce: 2,
    needsServers: false,
    fileLimitMs: 1000,
    files: ['a', 'b', 'c', 'd', 'e'],
  };

  const totals = await runStage(stage, runFile, (text) => printed.push(text));

  assert.deepEqual(totals, { passed: 10, failed: 0, skipped: 5 });
  assert.equal(mostAtOnce.files, 2);
  assert.deepEqual(
    printed.sort(),
    ['a', 'b', 'c', 'd', 'e'].map((file) => `ok   ${file} (2 ok, 1 skipped, 1 ms)`),
  );
});
