import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createChildFaults } from './child-faults.ts';
import type { Worker } from './fork-worker.ts';

/** A child that only remembers what it was told. */
function recordWorker() {
  const signals: string[] = [];
  const worker: Worker = {
    pid: 1,
    send() {},
    signal: (name) => signals.push(name) > 0,
    async end() {},
  };
  return { worker, signals };
}

describe('a crash', () => {
  test('of one millisecond hits the running child, however late the process comes to it', () => {
    let now = 0;
    const faults = createChildFaults(() => (now += 5));
    const { worker, signals } = recordWorker();
    faults.inject('cv_crash', 1, worker);
    assert.deepEqual(signals, ['SIGKILL']);
  });

  test('hits every new child for as long as it was asked for, and none after that', () => {
    let now = 0;
    const faults = createChildFaults(() => now);
    faults.inject('cv_crash', 1000, undefined);
    const within = recordWorker();
    now = 999;
    faults.onFork(within.worker);
    const after = recordWorker();
    now = 1000;
    faults.onFork(after.worker);
    assert.deepEqual([within.signals, after.signals], [['SIGKILL'], []]);
  });

  test('that was stopped hits nobody', () => {
    const faults = createChildFaults(() => 0);
    faults.inject('cv_crash', 1000, undefined);
    faults.stop();
    const { worker, signals } = recordWorker();
    faults.onFork(worker);
    assert.deepEqual(signals, []);
  });
});
