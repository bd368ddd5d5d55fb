import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { waitUntil } from '../testing/wait-until.ts';
import { longestDelay, readRunDelays } from './run-delays.ts';

const skip = process.platform === 'linux' ? false : 'SKIPPED: only Linux tells';
const SPIN = ['-e', 'const end = Date.now() + 60_000; while (Date.now() < end);'];
/** One processor for two of them. */
const pinned = (): ChildProcess => {
  const child = spawn(process.execPath, SPIN, { stdio: 'ignore' });
  execFileSync('taskset', ['-a', '-p', '-c', '0', String(child.pid)]);
  return child;
};

test('of two processes that share a processor each waits; a stopped one does not', { skip }, async () => {
  const [one, other] = [pinned(), pinned()];
  try {
    const before = readRunDelays(one.pid);
    await waitUntil('it waited', () => longestDelay(before, readRunDelays(one.pid)) > 300);
    one.kill('SIGSTOP');
    // On a busy machine it waits for a processor even to stop.
    await waitUntil('it is stopped', () => /\) T /.test(readFileSync(`/proc/${one.pid}/stat`, 'utf8')));
    const stopped = readRunDelays(one.pid);
    const since = performance.now();
    await waitUntil('time has passed', () => performance.now() - since > 500);
    assert.ok(longestDelay(stopped, readRunDelays(one.pid)) < 100);
  } finally {
    one.kill('SIGKILL');
    other.kill('SIGKILL');
  }
});

test('of a process that is gone, or that no system tells of, nothing is known', () => {
  assert.deepEqual([...readRunDelays(undefined), ...readRunDelays(-1)], []);
  assert.equal(longestDelay(new Map(), new Map()), 0);
});

test('a thread that is new has waited for nothing yet', () => {
  assert.equal(
    longestDelay(
      new Map([['1', 5]]),
      new Map([
        ['1', 7],
        ['2', 900],
      ]),
    ),
    2,
  );
});
