import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { takeWatchdogReport } from './watchdog.ts';

const folder = mkdtempSync(join(tmpdir(), 'understudy-watchdog-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const THRESHOLD_MS = 500;
/** Far beyond the 200 ms of real use: a busy machine gives the stack late. */
const STACK_PATIENCE_MS = 20_000;
/** The machine may be busy; a watchdog that does not work at all is what this limit finds. */
const PATIENCE = { timeout: 60_000 };

async function startChild(
  kind: string,
  stackTimeoutMs: number,
): Promise<{ child: ChildProcess; report: string; stderr: Promise<string> }> {
  const report = join(folder, `${kind}.jsonl`);
  const program = join(import.meta.dirname, 'watchdog-child.fixture.ts');
  const child = spawn(process.execPath, [program, kind, report, String(THRESHOLD_MS), String(stackTimeoutMs)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderr = text(child.stderr);
  await once(child.stdout, 'data');
  return { child, report, stderr };
}

async function blockedChild(kind: string, stackTimeoutMs = STACK_PATIENCE_MS) {
  const { child, report, stderr } = await startChild(kind, stackTimeoutMs);
  const [code, signal] = await once(child, 'exit');
  const line: unknown = JSON.parse((await stderr).trim());
  return { code, signal, line, pid: child.pid, report: takeWatchdogReport(report), gone: !existsSync(report) };
}

for (const { kind, where } of [
  { kind: 'loop', where: /^spinForEver \(file:.*watchdog-child\.fixture\.ts:8:\d+\)$/ },
  { kind: 'expression', where: /^expression \(file:.*watchdog-child\.fixture\.ts:13:\d+\)$/ },
  { kind: 'wait', where: /^wait \(file:.*watchdog-child\.fixture\.ts:14:\d+\)$/ },
]) {
  test(`a process stuck in a ${kind} is ended, with the stack`, PATIENCE, async () => {
    const { code, signal, line, pid, report, gone } = await blockedChild(kind);
    assert.ok(report);
    const { at, blockedMs, stack, ...rest } = report;
    assert.deepEqual(
      { code, signal, gone, rest },
      {
        code: null,
        signal: 'SIGKILL',
        gone: true,
        rest: {
          code: 'EVENT_LOOP_BLOCKED',
          service: 'fixture',
          pid,
          thresholdMs: THRESHOLD_MS,
          operation: `stuck-in-${kind}`,
        },
      },
    );
    assert.match(stack?.[0] ?? '', where);
    assert.ok(blockedMs >= THRESHOLD_MS && blockedMs <= 2 * THRESHOLD_MS, `blocked for ${blockedMs} ms`);
    assert.deepEqual(line, {
      level: 'CRITICAL',
      timestamp: at,
      service: 'fixture',
      module: 'watchdog',
      error_code: 'EVENT_LOOP_BLOCKED',
      context: report,
      session_id: null,
      user_id: null,
      performance_data: null,
      message: 'Event loop is blocked, the process is ended',
    });
  });
}

test('inside native code there is no stack, but the last named operation', PATIENCE, async () => {
  const { signal, report } = await blockedChild('native', 200);
  assert.deepEqual(
    { signal, operation: report?.operation, stack: report?.stack },
    { signal: 'SIGKILL', operation: 'stuck-in-native', stack: null },
  );
});

test('a suspended process is not taken for a blocked one', {
  ...PATIENCE,
  skip: process.platform === 'win32' && 'no SIGSTOP',
}, async () => {
  const { child, report } = await startChild('nothing', STACK_PATIENCE_MS);
  child.kill('SIGSTOP');
  await delay(4 * THRESHOLD_MS);
  child.kill('SIGCONT');
  await delay(2 * THRESHOLD_MS);
  const alive = child.exitCode === null && child.signalCode === null;
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.deepEqual({ alive, report: takeWatchdogReport(report) }, { alive: true, report: undefined });
});

/** To one processor: all threads of the process, or the main one alone. */
const pin = (process: ChildProcess, ...threads: '-a'[]) =>
  execFileSync('taskset', [...threads, '-p', '-c', '0', String(process.pid)], { stdio: 'ignore' });

test('a process that others leave no processor to is not taken for a blocked one', {
  ...PATIENCE,
  skip: process.platform !== 'linux' && 'SKIPPED: only Linux tells what waits for a processor',
}, async () => {
  const { child, report } = await startChild('work', STACK_PATIENCE_MS);
  const others = Array.from({ length: 12 }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  try {
    for (const other of others) pin(other, '-a');
    pin(child);
    child.kill('SIGUSR2');
    const startedAt = performance.now();
    const [said] = await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
    const tookMs = performance.now() - startedAt;
    assert.deepEqual(
      { said: String(said), report: takeWatchdogReport(report), wasStarved: tookMs > 2 * THRESHOLD_MS },
      { said: 'done\n', report: undefined, wasStarved: true },
    );
  } finally {
    for (const each of [...others, child]) each.kill('SIGKILL');
  }
});
