import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { withSetupLock } from './setup-lock.mjs';

const lockUrl = pathToFileURL(join(import.meta.dirname, 'setup-lock.mjs')).href;

describe('withSetupLock', () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-lock-'));
    lock = join(folder, 'setup.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function lockOf(owner: string): void {
    mkdirSync(lock);
    writeFileSync(join(lock, 'owner'), owner);
  }
  /** A process id that was just free. */
  const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid;

  test('gives back what the work gives, and leaves nothing behind', async () => {
    assert.equal(
      await withSetupLock(lock, async () => readFileSync(join(lock, 'owner'), 'utf8').split(' ')[0]),
      `${process.pid}`,
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  test('is released when the work fails', async () => {
    const work = async () => {
      throw new Error('no network');
    };
    await assert.rejects(withSetupLock(lock, work), { message: 'no network' });
    assert.deepEqual(readdirSync(folder), []);
  });

  test('takes over the lock of a dead process', async () => {
    lockOf(`${deadPid()} left-behind`);
    assert.equal(await withSetupLock(lock, async () => 'done'), 'done');
    assert.deepEqual(readdirSync(folder), []);
  });

  test('waits for a living process, and says for whom', async () => {
    lockOf(`${process.pid} another`);
    const waitedFor: number[] = [];
    const onWait = (pid: number) => {
      waitedFor.push(pid);
      rmSync(lock, { recursive: true });
    };
    assert.equal(await withSetupLock(lock, async () => 'done', { onWait }), 'done');
    assert.deepEqual(waitedFor, [process.pid]);
  });

  test('lets one process in at a time, each of many that meet a dead one’s lock', async () => {
    lockOf(`${deadPid()} left-behind`);
    const log = join(folder, 'log');
    const script = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { withSetupLock } from ${JSON.stringify(lockUrl)};
      await withSetupLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, 'in ' + process.pid + '\\n');
        await setTimeout(20);
        appendFileSync(${JSON.stringify(log)}, 'out ' + process.pid + '\\n');
      });`;
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));

    assert.deepEqual(codes, [0, 0, 0, 0, 0, 0]);
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    assert.equal(lines.length, 12);
    for (let index = 0; index < lines.length; index += 2) {
      assert.equal(lines[index + 1], lines[index]?.replace('in', 'out'));
    }
    assert.deepEqual(readdirSync(folder), ['log']);
  });
});
