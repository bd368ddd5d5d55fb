import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureModelServer } from './ensure-model-server.ts';

test('llama-server is taken as it is found, else brought, else what is not tested is said', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-model-server-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const ensure = (bring: () => Promise<string | undefined>) =>
    ensureModelServer({ folders: [folder], bring, say: (line) => said.push(line) });

  assert.equal(await ensure(async () => 'pip has no such package'), undefined);
  assert.deepEqual(said.splice(0), [
    'NOT TESTED: a real model server: llama-server is not on this machine, and could not be brought: pip has no such package',
  ]);
  assert.match((await ensure(async () => undefined)) ?? '', /\.understudy.+bin$/);

  writeFileSync(join(folder, 'llama-server'), '');
  chmodSync(join(folder, 'llama-server'), 0o755);
  assert.equal(await ensure(() => assert.fail('nothing is missing')), undefined);
  assert.deepEqual(said, []);
});
