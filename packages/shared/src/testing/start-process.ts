import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from './wait-for.ts';

export interface TestProcess {
  readonly pid: number;
  /** Everything on both outputs so far. */
  output(): string;
  /** IPC messages by their type, oldest first. */
  readonly messages: { type: string }[];
  said(type: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  send(message: unknown): void;
  /** Resolves at the end, with all that was said in `output()`. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A machine that is busy with others starts a process in half a minute. */
const PATIENCE_MS = 60_000;

/** A child of the test, with an IPC channel as the starter gives one. */
export function startProcess(file: string, env: Record<string, string>): TestProcess {
  const child: ChildProcess = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const messages: { type: string }[] = [];
  child.on('message', (message) => void messages.push(message as { type: string }));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    pid: child.pid ?? -1,
    output: () => output,
    messages,
    async said(type) {
      await waitFor(
        () => {
          if (child.exitCode !== null) throw new Error(`the process ended before it said ${type}:\n${output}`);
          return messages.some((message) => message.type === type);
        },
        `the message ${type}\n${output}`,
        PATIENCE_MS,
      );
    },
    kill: (signal) => void child.kill(signal),
    send: (message) => void child.send(message as object),
    ended,
  };
}
