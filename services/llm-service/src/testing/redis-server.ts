import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@understudy/shared/testing';

const exited = (child: ChildProcess) => new Promise<void>((resolve) => child.once('exit', () => resolve()));

/** A real Redis of its own on a free port; without persistence, as the stack runs it. */
export async function createRedisServer() {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'understudy-redis-'));
  let child: ChildProcess | undefined;

  const start = async () => {
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    const started = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      started.stdout.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (/Ready to accept connections/i.test(log)) resolve();
      });
      started.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${log}`)));
    });
  };
  const kill = async () => {
    if (!child) return;
    const gone = exited(child);
    child.kill('SIGKILL');
    await gone;
    child = undefined;
  };

  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    /** It hangs: its connections stay open and nothing answers. */
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
