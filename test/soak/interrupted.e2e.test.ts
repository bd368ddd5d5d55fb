import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitFor } from '@understudy/shared/testing';

const LIMIT_MS = 60_000;
const SOAK = join(import.meta.dirname, '..', '..', 'scripts', 'soak.ts');

/** The ids of what a start in this folder has written down, by name. */
function startedIn(folder: string): Record<string, number> {
  const [stack] = readdirSync(folder).filter((name) => name.startsWith('understudy-e2e-'));
  const records = join(folder, stack ?? '', 'state', 'run');
  if (stack === undefined || !existsSync(records)) return {};
  const files = readdirSync(records).filter((file) => file.endsWith('.process.json'));
  return Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(records, file), 'utf8')).pid]));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('SIGINT ends the soak with all that it has started', {
  skip: process.platform !== 'linux' && 'Linux only',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-soak-'));
  const soak = spawn(process.execPath, [SOAK, '--minutes', '5'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  });
  t.after(() => {
    soak.kill('SIGKILL');
    for (const pid of Object.values(startedIn(folder)).filter(isAlive)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const isUp = () => startedIn(folder)['supervisor.process.json'] !== undefined;
  await waitFor(isUp, 'NATS, Redis and a service run', LIMIT_MS);
  const started = startedIn(folder);
  assert.ok(started['nats.process.json'] !== undefined);
  soak.kill('SIGINT');
  const [code] = await once(soak, 'exit');
  assert.equal(code, 130);
  assert.deepEqual(
    Object.keys(started).filter((name) => isAlive(started[name] ?? 0)),
    [],
  );
});
