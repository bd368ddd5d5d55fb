import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Clock, monotonicClock } from '@understudy/shared/service';
import { isAlive } from '../testing/processes.ts';
import { until } from '../testing/until.ts';
import { type KeptProcess, keepRunning, type ProcessSpec } from './keep-running.ts';
import type { ProcessState } from './process-state.ts';
import { SERVICE_RESTARTS } from './restart-delay.ts';
import { whenItSendsReady } from './when-ready.ts';

const STAYS = 'process.send({ type: "ready" }); setInterval(() => {}, 1000);';
const QUICK = { ...SERVICE_RESTARTS, initialDelayMs: 10, maxDelayMs: 40 };

/** Ended with its test, whatever comes of that. */
function keep(t: TestContext, script: string, spec: Partial<ProcessSpec> = {}, clock: Clock = monotonicClock) {
  const states: ProcessState[] = [];
  const pids: number[] = [];
  const lines: string[] = [];
  const kept = keepRunning(
    {
      name: 'child',
      command: process.execPath,
      args: ['-e', script],
      env: process.env,
      cwd: tmpdir(),
      ipc: true,
      whenReady: whenItSendsReady,
      askToEnd: (running) => running.send({ type: 'drain' }),
      restarts: QUICK,
      ...spec,
    },
    {
      clock,
      onState: (state) => states.push(state),
      onPid: (pid) => pid !== undefined && pids.push(pid),
      onLine: (line) => lines.push(line),
    },
  );
  t.after(() => kept.stop(0));
  return { kept, states, pids, lines };
}

const waits = (states: readonly ProcessState[]) =>
  states.flatMap((state) => (state.state === 'waiting' ? [state.delayMs] : []));
const pidOf = (kept: KeptProcess): number | undefined => {
  const state = kept.state();
  return state.state === 'ready' ? state.pid : undefined;
};

test('a child that keeps ending is started again, the first time at once, then with a growing pause', async (t) => {
  const { kept, states, pids } = keep(t, 'process.exit(3)');
  await assert.rejects(kept.started, { message: 'it ended 3 times: exit code 3' });
  await until('it has waited five times', () => waits(states).length >= 5);
  await kept.stop(5000);
  assert.deepEqual(waits(states).slice(0, 5), [0, 10, 20, 40, 40]);
  assert.equal(new Set(pids).size, pids.length);
  assert.deepEqual(states.at(-1), { state: 'stopped' });
});

test('a timer that fires early is no second wait', async (t) => {
  const hasty: Clock = { ...monotonicClock, sleep: (ms, signal) => monotonicClock.sleep(Math.max(0, ms - 5), signal) };
  const { kept, states } = keep(t, 'process.exit(3)', {}, hasty);
  await until('it has waited four times', () => waits(states).length >= 4);
  await kept.stop(5000);
  assert.deepEqual(waits(states).slice(0, 4), [0, 10, 20, 40]);
});

test('having run stably, its next end counts as the first again', async (t) => {
  const { kept, states } = keep(t, 'setTimeout(() => process.exit(1), 30)', {
    restarts: { ...QUICK, stableAfterMs: 1 },
  });
  await until('it has ended three times', () => waits(states).length >= 3);
  await kept.stop(5000);
  assert.deepEqual(waits(states).slice(0, 3), [0, 0, 0]);
});

test('exit 78 is a refusal: it is not started again, and its words are kept', async (t) => {
  const { kept, pids } = keep(t, 'console.error("config/understudy.yaml:3: bot: must be a string"); process.exit(78)');
  assert.deepEqual(await kept.started, { state: 'refused', why: 'config/understudy.yaml:3: bot: must be a string' });
  assert.equal(pids.length, 1);
  await kept.stop(5000);
});

test('it drains when asked over IPC, and the stop waits for that', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-drain-'));
  const file = JSON.stringify(join(folder, 'drained'));
  const { kept } = keep(
    t,
    `process.on('message', ({ type }) => setTimeout(() => {
    require('node:fs').writeFileSync(${file}, type); process.exit(0); }, 50)); ${STAYS}`,
  );
  await kept.started;
  await kept.stop(20_000);
  assert.equal(readFileSync(join(folder, 'drained'), 'utf8'), 'drain');
});

test('one that does not drain is ended when its time is up, with what it has started', async (t) => {
  const { kept, lines } = keep(
    t,
    `
    const { pid } = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    console.log(pid); process.on('message', () => {}); ${STAYS}`,
  );
  await kept.started;
  const child = pidOf(kept) ?? 0;
  const grandchild = Number(await until('it names its own child', () => lines[0]));
  assert.deepEqual([isAlive(child), isAlive(grandchild)], [true, true]);
  await kept.stop(50);
  assert.equal(isAlive(child), false);
  await until('the grandchild has ended too', () => !isAlive(grandchild));
});

test('held down it stays away for that time, and the end is not held against it', async (t) => {
  const { kept, states } = keep(t, STAYS);
  await kept.started;
  const heldAt = performance.now();
  kept.holdDown(300);
  await until('it is ready again', () => states.filter(({ state }) => state === 'ready').length === 2);
  assert(performance.now() - heldAt >= 299, 'it came back too early');
  kept.kill('SIGKILL');
  await until('it is ready once more', () => states.filter(({ state }) => state === 'ready').length === 3);
  assert.equal(waits(states).at(-1), 0);
});

test('a program that is not there is told, and tried again', async (t) => {
  const { kept, states } = keep(t, '', { command: join(tmpdir(), 'no-such-program') });
  await until('it has waited twice', () => waits(states).length >= 2);
  await kept.stop(5000);
  const first = states.find(({ state }) => state === 'waiting');
  assert(first?.state === 'waiting');
  assert.match(first.why, /^could not be started: spawn .*no-such-program ENOENT$/);
});
