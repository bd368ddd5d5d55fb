import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const BIN = join(import.meta.dirname, '..', 'bin', 'understudy.mjs');

test('the bin runs from any folder and passes arguments and exit code on', () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { cwd: tmpdir(), encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const help = run('--help');
  assert.equal(help.status, 0, help.stderr);
  assert.match(help.stdout, /^Usage: understudy/);
  assert.deepEqual(run('resume', 'nobody'), {
    status: 2,
    stdout: '',
    stderr:
      'understudy: There is no service "nobody" to resume. These are: audio-gateway, osc-bridge, llm-service, cv-service\n',
  });
});
