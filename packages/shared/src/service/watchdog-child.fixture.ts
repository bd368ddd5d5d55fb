import { spawnSync } from 'node:child_process';
import { startWatchdog } from './watchdog.ts';

/** The program of watchdog.integration.test.ts: names an operation, says `ready`, and gets stuck in the way it is told. */
const [, , kind = '', report = '', thresholdMs = '', stackTimeoutMs = ''] = process.argv;

function spinForEver(): never {
  for (;;);
}

const WAYS: Readonly<Record<string, () => void>> = {
  loop: spinForEver,
  expression: () => void /^(a+)+$/.test(`${'a'.repeat(64)}!`),
  wait: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  native: () => void spawnSync('sleep', ['30']),
  work: () =>
    void process.once('SIGUSR2', () => {
      workFor(Number(thresholdMs) / 4);
      setImmediate(() => process.stdout.write('done\n'));
    }),
  nothing: () => {},
};

/** Takes so much of a processor, however long it has to wait for it. */
function workFor(processorMs: number): void {
  const end = takenMs() + processorMs;
  while (takenMs() < end);
}

function takenMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const watchdog = startWatchdog({
  thresholdMs: Number(thresholdMs),
  stackTimeoutMs: Number(stackTimeoutMs),
  service: 'fixture',
  report,
});

// Keeps the process alive: the watchdog alone does not.
setInterval(() => {}, 1000);

// Five beats later the worker has certainly looked once.
setTimeout(() => {
  watchdog.operation(`stuck-in-${kind}`);
  process.stdout.write('ready\n');
  setImmediate(WAYS[kind] ?? WAYS['nothing'] ?? (() => {}));
}, Number(thresholdMs) / 2);
