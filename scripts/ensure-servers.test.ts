import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ensureServers, requireServer, ServerMissingError } from './ensure-servers.ts';

// Executables that answer `--version` as the real ones do. Windows runs no shell script under the name of a program.
describe('ensureServers', { skip: process.platform === 'win32' }, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-servers-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function place(name: string, versionLine: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${versionLine}'\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const nats = (version: string) => place('nats-server', `nats-server: v${version}`);
  const found = (name: string, version: string) => ({ state: 'found', path: join(folder, name), version });
  const installNothing = async () => {};

  test('finds both, and installs nothing', async () => {
    nats('2.9.10');
    place('redis-server', 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0');
    const install = async () => assert.fail('nothing is missing');
    assert.deepEqual(await ensureServers({ folders: [folder], install }), {
      nats: found('nats-server', '2.9.10'),
      redis: found('redis-server', '7.0.15'),
    });
  });

  test('takes Valkey for Redis', async () => {
    nats('2.15.1');
    place('valkey-server', 'Valkey server v=8.0.3 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=e80802904a2640cb');
    assert.deepEqual(
      (await ensureServers({ folders: [folder], install: installNothing })).redis,
      found('valkey-server', '8.0.3'),
    );
  });

  test('has missing ones installed, and looks again', async () => {
    const asked: string[][] = [];
    const install = async (packages: readonly string[]) => {
      asked.push([...packages]);
      nats('2.10.7');
      place('redis-server', 'Redis server v=7.0.15');
    };
    assert.deepEqual(await ensureServers({ folders: [folder], install }), {
      nats: found('nats-server', '2.10.7'),
      redis: found('redis-server', '7.0.15'),
    });
    assert.deepEqual(asked, [['nats-server', 'redis-server']]);
  });

  test('tells the remedy for one that stays missing', async () => {
    nats('2.9.10');
    const { redis } = await ensureServers({ folders: [folder], install: installNothing });
    assert.equal(redis.state, 'missing');
    assert.equal(redis.problem, 'redis-server is not on PATH.');
    assert.match(redis.remedy, /^Install it:\n\w/);
  });

  test('does not take a NATS that is too old, does not replace it, and says so', async () => {
    nats('2.9.9');
    place('redis-server', 'Redis server v=7.0.15');
    const install = async () => assert.fail('an old one is the operator’s to replace');
    const { nats: old } = await ensureServers({ folders: [folder], install });
    assert.equal(old.state, 'missing');
    assert.equal(old.problem, `${join(folder, 'nats-server')} is 2.9.9, and 2.9.10 or newer is needed.`);
    assert.throws(() => requireServer(old), ServerMissingError);
  });

  test('passes over one that does not run', async () => {
    place('nats-server', 'Segmentation fault');
    place('redis-server', 'Redis server v=7.0.15');
    const { nats: broken } = await ensureServers({ folders: [folder], install: installNothing });
    assert.equal(broken.state, 'missing');
    assert.equal(broken.problem, `${join(folder, 'nats-server')} does not tell its version (Segmentation fault).`);
  });
});
