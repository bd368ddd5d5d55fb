import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAlive } from '../testing/processes.ts';
import { until } from '../testing/until.ts';
import { processBirth } from './process-birth.ts';
import { endOrphans, recordProcess } from './process-records.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'understudy-run-'));

async function startChild(script: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up'); setInterval(() => {}, 1000)`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
}

test('a recorded process that is still there is ended, its record goes', async () => {
  const folder = newFolder();
  const pid = await startChild('');
  recordProcess(folder, 'nats', pid);
  assert.deepEqual(await endOrphans(folder), ['nats']);
  assert.equal(isAlive(pid), false);
  assert.deepEqual(readdirSync(folder), []);
});

test('one that ignores the polite signal is killed', { skip: process.platform === 'win32' }, async () => {
  const folder = newFolder();
  const pid = await startChild(`process.on('SIGTERM', () => {})`);
  recordProcess(folder, 'redis', pid);
  assert.deepEqual(await endOrphans(folder), ['redis']);
  await until('it has ended', () => !isAlive(pid));
});

test('a process that got the same id later is left alone', async () => {
  const folder = newFolder();
  const pid = await startChild('');
  recordProcess(folder, 'nats', pid);
  const [file = ''] = readdirSync(folder);
  const record = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  assert.deepEqual(record, { name: 'nats', pid, birth: processBirth(pid) });
  writeFileSync(join(folder, file), JSON.stringify({ ...record, birth: 'another boot 1' }));
  assert.deepEqual(await endOrphans(folder), []);
  assert.equal(isAlive(pid), true);
  assert.deepEqual(readdirSync(folder), []);
  process.kill(pid, 'SIGKILL');
});

test('broken records and foreign files do no harm', async () => {
  const folder = newFolder();
  for (const text of ['', '{', '[]', '{"name":"nats","pid":-1,"birth":"x"}', '{"name":"nats","pid":1,"birth":"x"}'])
    writeFileSync(join(folder, `${text.length}.process.json`), text);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  assert.deepEqual(await endOrphans(folder), []);
  assert.deepEqual(readdirSync(folder), ['notes.txt']);
});

test('an ended process is forgotten', async () => {
  const folder = newFolder();
  recordProcess(folder, 'nats', process.pid);
  recordProcess(folder, 'nats', undefined);
  assert.deepEqual(readdirSync(folder), []);
});
