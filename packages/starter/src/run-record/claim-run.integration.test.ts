import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { addressesOf, runRecordFile } from '@understudy/cli';
import { loadConfig } from '@understudy/shared/config';
import { claimRun } from './claim-run.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'understudy-claim-'));
const defaults = loadConfig({ path: '', isNamed: false }, {});
assert(defaults.ok);
const ADDRESSES = addressesOf(defaults.config);

function leave(state: string, text: string): void {
  const file = runRecordFile(state);
  mkdirSync(dirname(file));
  writeFileSync(file, text);
}

test('of several starts at once one wins, the others are told which', async () => {
  const state = newFolder();
  const claims = await Promise.allSettled(Array.from({ length: 5 }, () => claimRun(state, ADDRESSES)));
  assert.equal(claims.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const claim of claims)
    if (claim.status === 'rejected')
      assert.match(
        claim.reason.message,
        new RegExp(`process ${process.pid}.*\\n.*http://127\\.0\\.0\\.1:8700/v1/status`),
      );
});

test('where its parts listen is told to the command line', async () => {
  const state = newFolder();
  await claimRun(state, ADDRESSES);
  assert.deepEqual(JSON.parse(readFileSync(runRecordFile(state), 'utf8')).addresses, ADDRESSES);
});

test('released, it can be claimed again', async () => {
  const state = newFolder();
  (await claimRun(state, ADDRESSES)).release();
  assert.deepEqual(readdirSync(dirname(runRecordFile(state))), []);
  (await claimRun(state, ADDRESSES)).release();
});

test("a dead start's claim is taken over, also when its process id lives on in another", async () => {
  for (const record of [
    { pid: 2_000_000_000, birth: 'x', startedAt: 'then' },
    { pid: process.ppid, birth: 'another boot 1', startedAt: 'then' },
  ]) {
    const state = newFolder();
    leave(state, JSON.stringify(record));
    await claimRun(state, ADDRESSES);
  }
});

test('the claim of an older version that runs counts', async () => {
  const state = newFolder();
  leave(state, JSON.stringify({ pid: process.pid, birth: '', startedAt: 'then', statusUrl: 'http://127.0.0.1:8700' }));
  await assert.rejects(claimRun(state, ADDRESSES), { message: new RegExp(`process ${process.pid}, since then`) });
});

test('a claim file that is cut or not ours does not stop a start', async () => {
  for (const text of ['', '{"pid":', '[]', '{"pid":"1"}']) {
    const state = newFolder();
    leave(state, text);
    await claimRun(state, ADDRESSES);
  }
});
