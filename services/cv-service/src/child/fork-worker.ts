import { fork } from 'node:child_process';
import { createValidator } from '@understudy/shared/contracts';
import { type LookAnswer, LookAnswerSchema, type LookRequest } from './look-messages.ts';

/** How the process ended. */
export interface WorkerExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last line that it wrote to stderr; empty when it wrote none. */
  readonly lastStderrLine: string;
}

export interface Worker {
  readonly pid: number | undefined;
  send(request: LookRequest): void;
  /** Sends a signal; false when the process is gone. */
  signal(name: NodeJS.Signals): boolean;
  /** SIGKILL: it holds nothing that would have to be put away. Resolves when it is gone. */
  end(): Promise<void>;
}

export interface WorkerEvents {
  onAnswer(answer: LookAnswer): void;
  onExit(exit: WorkerExit): void;
}

export type ForkWorker = (memoryMb: number, events: WorkerEvents) => Worker;

/** What a decoder of foreign pictures needs of the environment: no key and no token. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'NODE_COMPILE_CACHE'];
const MAX_LINE = 300;

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

const validate = createValidator(LookAnswerSchema);

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim().slice(0, MAX_LINE) ?? '';

/** Starts look-worker.ts. Errors of the start itself arrive as an exit, with the system's words as its last line. */
export const forkWorker: ForkWorker = (memoryMb, events) => {
  const child = fork(new URL('./look-worker.ts', import.meta.url), {
    serialization: 'advanced',
    // The small young generation and the one thread are those of packages/starter/src/services/node-flags.ts.
    execArgv: [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=1', '--v8-pool-size=1'],
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  let ended = false;
  const exit = (exitCode: number | null, signal: string | null): void => {
    if (ended) return;
    ended = true;
    resolve();
    events.onExit({ exitCode, signal, lastStderrLine: lastLine(stderr) });
  };

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4 * MAX_LINE);
  });
  child.on('message', (message) => {
    const answer = validate(message);
    if (answer.ok) events.onAnswer(answer.value);
  });
  child.on('error', (error) => {
    stderr = error.message;
    if (child.pid === undefined) exit(null, null);
  });
  // Not `exit`: only at `close` is its last line complete.
  child.on('close', exit);

  return {
    pid: child.pid,
    send(request) {
      // A failed send is followed by the exit.
      if (child.connected) child.send(request, () => {});
    },
    signal: (name) => child.kill(name),
    async end() {
      if (child.pid !== undefined) child.kill('SIGKILL');
      await gone;
    },
  };
};
