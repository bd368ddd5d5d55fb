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
  const loaded = loadConfig({ path: file, isNamed: true });
  assert(!loaded.ok);
  return formatProblems(loaded.problems).split('\n');
}

function npmStart(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', MAIN, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    // Ends, drained, a start that was to be refused.
    timeout: 60_000,
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

test('a configuration that is named and is not there: exit 78 with its path, nothing started by the defaults', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'understudy-main-')), 'missing.yaml');
  const { status, stderr } = npmStart(['--native'], { UNDERSTUDY_CONFIG: file });
  assert.equal(status, 78);
  assert.ok(stderr.includes(`${file}:1: /: does not exist, and UNDERSTUDY_CONFIG names it`), stderr);
});

test('--faults reaches the Compose stack as well', { skip: process.platform === 'win32' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-docker-'));
  // An engine that answers and has every image.
  const docker = '#!/bin/sh\ncase "$*" in *" up") echo "faults: $UNDERSTUDY_FAULTS";; *) echo yes;; esac\n';
  writeFileSync(join(folder, 'docker'), docker, { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env['PATH']}`, UNDERSTUDY_FAULTS: 'off', UNDERSTUDY_CONFIG: '' };
  assert.match(npmStart(['--faults'], env).stdout, /^understudy: Compose: .*\nfaults: on\n$/);
  assert.match(npmStart([], env).stdout, /\nfaults: off\n$/);
});
