import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from '@understudy/shared/testing';
import { type ProgramName, programPath } from './programs.ts';

export interface RunningProgram {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts Prometheus or Alertmanager and waits until it is ready. @throws Error with what it said, when it ends instead */
export async function startProgram(name: ProgramName, port: number, args: readonly string[]): Promise<RunningProgram> {
  const child = spawn(programPath(name), [...args, `--web.listen-address=127.0.0.1:${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
      return (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok;
    },
    `${name} to be ready`,
    60_000,
  );
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
