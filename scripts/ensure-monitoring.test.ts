import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ensureMonitoring } from './ensure-monitoring.ts';

// Windows runs no shell script under the name of a program.
describe('ensureMonitoring', { skip: process.platform === 'win32' }, () => {
  let folder: string;
  let said: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-monitoring-'));
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function place(prometheus: string, alertmanager: string): void {
    const versions = { prometheus, promtool: prometheus, alertmanager, amtool: alertmanager };
    for (const [name, version] of Object.entries(versions)) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho '${name}, version ${version}+ds1 (branch: debian/sid)'\n`);
      chmodSync(join(folder, name), 0o755);
    }
  }
  const ensure = (bring: () => Promise<string | undefined>) =>
    ensureMonitoring({ folders: [folder], bring, say: (line) => said.push(line) });

  test('finds them, and brings nothing', async () => {
    place('3.5.3', '0.33.1');
    const found = await ensure(async () => assert.fail('nothing is missing'));
    assert.deepEqual({ found, said }, { found: { state: 'found', folders: [folder] }, said: [] });
  });

  test('brings newer ones than an old distribution has, and says so', async () => {
    place('2.42.0', '0.25.0');
    const found = await ensure(async () => {
      place('3.5.3', '0.33.1');
      return undefined;
    });
    assert.deepEqual(found, { state: 'found', folders: [folder] });
    assert.equal(said.length, 1);
  });

  test('says what is missing, and why it could not be brought', async () => {
    assert.deepEqual(await ensure(async () => 'apt knows no Debian mirror'), {
      state: 'missing',
      problem: 'prometheus 3.5.0 or newer is not on this machine (apt knows no Debian mirror)',
    });
  });
});
