import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { freePort, waitFor } from '@understudy/shared/testing';
import { createRedisMemoryReader } from './redis-memory.ts';

const LIMIT_MS = 30_000;

function startRedis(port: number): ChildProcess {
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--requirepass', 'secret', '--maxmemory', '64mb'];
  return spawn('redis-server', [...options, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
}

async function end(redis: ChildProcess): Promise<void> {
  const ended = once(redis, 'exit');
  redis.kill('SIGKILL');
  await ended;
}

test('reads a real Redis, fails while it is away or hangs, and finds it again', async () => {
  const port = await freePort();
  const reader = createRedisMemoryReader(`redis://:secret@127.0.0.1:${port}`);
  const answered = () => waitFor(() => reader.read().catch(() => undefined), 'an answer', LIMIT_MS);
  await assert.rejects(reader.read());
  let redis = startRedis(port);
  try {
    const { usedBytes, limitBytes } = await answered();
    assert.equal(limitBytes, 64 * 1024 * 1024);
    assert.ok(usedBytes > 0 && usedBytes < limitBytes);
    redis.kill('SIGSTOP');
    await assert.rejects(reader.read());
    redis.kill('SIGCONT');
    await answered();
    await end(redis);
    await assert.rejects(reader.read());
    redis = startRedis(port);
    await answered();
  } finally {
    reader.close();
    await end(redis);
  }
});
