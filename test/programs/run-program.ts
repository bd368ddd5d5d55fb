import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import type { Program } from './find-program.ts';

export interface RunningProgram {
  /** Everything on both outputs so far. */
  output(): string;
  /** SIGKILL, as a crash. */
  kill(): Promise<void>;
}

/**
 * Starts it with these arguments; `folder` is where all files lie that it reads and writes, under the same path in a container.
 * A container shares the machine's network, since what it asks and is asked listens on loopback.
 */
export function runProgram(program: Program, args: readonly string[], folder: string): RunningProgram {
  if (program.type === 'missing') throw new Error(program.problem);
  const container = `understudy-test-${program.name}-${randomUUID()}`;
  const child =
    program.type === 'file'
      ? spawn(program.path, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('docker', [...dockerRun(container, folder), program.image, ...args], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit');
  return {
    output: () => output,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (program.type === 'file') child.kill('SIGKILL');
      else execFileSync('docker', ['kill', '--signal', 'KILL', container], { stdio: 'ignore' });
      await ended;
    },
  };
}

function dockerRun(container: string, folder: string): string[] {
  const { uid, gid } = userInfo();
  const mount = `${folder}:${folder}`;
  return ['run', '--rm', '--name', container, '--network', 'host', '--user', `${uid}:${gid}`, '--volume', mount];
}
