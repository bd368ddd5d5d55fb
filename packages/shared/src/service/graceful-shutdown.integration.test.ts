import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startProcess, type TestProcess } from '../testing/start-process.ts';

const FIXTURE = fileURLToPath(new URL('./graceful-shutdown.fixture.ts', import.meta.url));
const CLEAN = { code: 0, signal: null };

describe('a drain', () => {
  const start = async (env: Record<string, string> = {}): Promise<TestProcess> => {
    const child = startProcess(FIXTURE, env);
    await child.said('ready');
    return child;
  };

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`begins with ${signal} and takes its steps in order`, async () => {
      const child = await start();
      child.kill(signal);
      assert.deepEqual(await child.ended, CLEAN);
      assert.equal(child.output(), 'first\nsecond\nthird\n');
    });
  }

  it('begins when the starter asks, once however often it does', async () => {
    const child = await start();
    child.send({ type: 'hello' });
    for (let i = 0; i < 3; i += 1) child.send({ type: 'drain' });
    assert.deepEqual(await child.ended, CLEAN);
    assert.equal(child.output(), 'first\nsecond\nthird\n');
  });

  it('begins when the starter is gone', async () => {
    const child = spawn(process.execPath, [FIXTURE], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'message');
    const ended = once(child, 'exit');
    assert.ok(child.stdout);
    const spoken = once(child.stdout, 'end');
    child.disconnect();
    assert.deepEqual(await ended, [0, null]);
    await spoken;
    assert.equal(output, 'first\nsecond\nthird\n');
  });

  it('goes on where a step fails', async () => {
    const child = await start({ SECOND_STEP: 'fail' });
    child.kill('SIGTERM');
    assert.deepEqual(await child.ended, CLEAN);
    assert.equal(child.output(), 'first\nfailed: the second step\nthird\n');
  });

  it('ends at its limit where a step hangs', async () => {
    const child = await start({ SECOND_STEP: 'hang' });
    child.kill('SIGTERM');
    assert.deepEqual(await child.ended, CLEAN);
    assert.equal(child.output(), 'first\n');
  });

  it('ends with the code that its process asks for', async () => {
    const child = startProcess(FIXTURE, { OWN_EXIT_CODE: '3' });
    assert.deepEqual(await child.ended, { code: 3, signal: null });
  });
});
