import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { claimRun } from './claim-run.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'understudy-claim-'));
const STATUS = 'http://127.0.0.1:8700/v1/status';

test('of several starts at once one wins, the others are told which', async () => {
  const folder = newFolder();
  const claims = await Promise.allSettled(Array.from({ length: 5 }, () => claimRun(folder, STATUS)));
  assert.equal(claims.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const claim of claims)
    if (claim.status === 'rejected')
      assert.match(claim.reason.message, new RegExp(`process ${process.pid}.*\\n.*${STATUS}`));
});

test('released, it can be claimed again', async () => {
  const folder = newFolder();
  (await claimRun(folder, STATUS)).release();
  assert.deepEqual(readdirSync(folder), []);
  (await claimRun(folder, STATUS)).release();
});

test("a dead start's claim is taken over, also when its process id lives on in another", async () => {
  for (const record of [
    { pid: 2_000_000_000, birth: 'x', startedAt: 'then', statusUrl: STATUS },
    { pid: process.ppid, birth: 'another boot 1', startedAt: 'then', statusUrl: STATUS },
  ]) {
    const folder = newFolder();
    writeFileSync(join(folder, 'starter.json'), JSON.stringify(record));
    await claimRun(folder, STATUS);
  }
});

test('a claim file that is cut or not ours does not stop a start', async () => {
  for (const text of ['', '{"pid":', '[]', '{"pid":"1"}']) {
    const folder = newFolder();
    writeFileSync(join(folder, 'starter.json'), text);
    await claimRun(folder, STATUS);
  }
});
