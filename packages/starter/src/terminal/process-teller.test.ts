import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProcessTeller } from './process-teller.ts';

const waiting = { state: 'waiting', delayMs: 100, why: 'killed by SIGKILL' } as const;
const ready = { state: 'ready', pid: 1 } as const;

test('the way up is quiet; an end, a return and a refusal are told', () => {
  const tell = createProcessTeller('nats');
  const states = [
    { state: 'starting', pid: 1 },
    ready,
    waiting,
    ready,
    { ...waiting, delayMs: 0 },
    { state: 'refused', why: 'config/understudy.yaml:3: bot: must be a string' },
    { state: 'stopped' },
  ] as const;
  assert.deepEqual(states.map(tell), [
    undefined,
    undefined,
    'nats ended (killed by SIGKILL); it is started again in 0.1 s',
    'nats is running again',
    'nats ended (killed by SIGKILL); it is started again now',
    'nats does not start, and is not tried again:\nconfig/understudy.yaml:3: bot: must be a string\nCorrect it, then stop and start Understudy.',
    undefined,
  ]);
});

test('a loop is told three times, then named, then no more; the return is', () => {
  const tell = createProcessTeller('cv-service');
  const told = Array.from({ length: 20 }, () => tell({ ...waiting, why: 'exit code 1' }));
  assert.deepEqual(
    told.map((line) => (line === undefined ? '' : line.slice(line.indexOf(';')))),
    [
      ...Array.from({ length: 3 }, () => '; it is started again in 0.1 s'),
      '; it keeps ending and is tried again more and more rarely, which is not told any more',
      ...Array.from({ length: 16 }, () => ''),
    ],
  );
  assert.equal(tell(ready), 'cv-service is running again');
});
