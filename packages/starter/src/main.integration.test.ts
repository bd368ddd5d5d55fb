import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatProblems, loadConfig } from '@understudy/shared/config';

const MAIN = join(import.meta.dirname, 'main.ts');

/** In the words of whoever reads the configuration. */
function problemsOf(file: string): string[] {
  const loaded = loadConfig(file);
  assert(!loaded.ok);
  return formatProblems(loaded.problems).split('\n');
}

function npmStart(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', MAIN, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

test('help is printed and nothing started', () => {
  const { status, stdout } = npmStart(['--help']);
  assert.equal(status, 0);
  assert.match(stdout, /^npm start -- \[options\]\n/);
});

test('an option that it does not know: exit 2', () => {
  const { status, stdout, stderr } = npmStart(['--demo']);
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^understudy: Unknown option '--demo'/);
});

test('a wrong configuration: exit 78, without a stack', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'understudy-main-')), 'wrong.yaml');
  writeFileSync(file, 'nats:\n  port: many\n');
  const { status, stderr } = npmStart(['--native'], { UNDERSTUDY_CONFIG: file });
  assert.equal(status, 78);
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    'understudy: The configuration is wrong; nothing was started.',
    ...problemsOf(file),
  ]);
});
