import { type ChildProcess, fork } from 'node:child_process';
import { createValidator } from '@understudy/shared/contracts';
import { childEnvironment } from './child-environment.ts';
import { type LookAnswer, LookAnswerSchema, type LookRequest } from './look-messages.ts';

/** How the process ended; with neither code nor signal it could not be started. */
export interface WorkerExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last line that it wrote to stderr; empty when it wrote none. */
  readonly lastStderrLine: string;
  /** It said itself that memory ran out: V8's limit, or the system's. */
  readonly isOutOfMemory: boolean;
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
  /** Something came that is no answer. */
  onBadAnswer(): void;
  onExit(exit: WorkerExit): void;
}

export type ForkWorker = (memoryMb: number, events: WorkerEvents) => Worker;

const MAX_LINE = 300;

/** V8 (`JavaScript heap out of memory`, exit by SIGABRT), tfjs and libvips (`out of memory`). */
const OUT_OF_MEMORY = /out of memory/i;

const validate = createValidator(LookAnswerSchema);

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim().slice(0, MAX_LINE) ?? '';

/** Starts a worker's file. Errors of the start itself arrive as an exit, with the system's words as its last line. */
export const createForkWorker =
  (file: URL): ForkWorker =>
  (memoryMb, events) => {
    let child: ChildProcess;
    try {
      child = fork(file, {
        serialization: 'advanced',
        // The small young generation and the one thread are those of packages/starter/src/services/node-flags.ts.
        execArgv: [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=1', '--v8-pool-size=1'],
        env: childEnvironment(),
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
    } catch (error) {
      // Without memory (ENOMEM) it throws; other failures come as an event.
      const lastStderrLine = lastLine(error instanceof Error ? error.message : String(error));
      queueMicrotask(() => events.onExit({ exitCode: null, signal: null, lastStderrLine, isOutOfMemory: false }));
      return { pid: undefined, send() {}, signal: () => false, async end() {} };
    }
    let stderr = '';
    let isOutOfMemory = false;
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    let ended = false;
    const exit = (exitCode: number | null, signal: string | null): void => {
      if (ended) return;
      ended = true;
      resolve();
      events.onExit({ exitCode, signal, lastStderrLine: lastLine(stderr), isOutOfMemory });
    };

    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4 * MAX_LINE);
      isOutOfMemory ||= OUT_OF_MEMORY.test(stderr);
    });
    child.on('message', (message) => {
      const answer = validate(message);
      if (answer.ok) events.onAnswer(answer.value);
      else events.onBadAnswer();
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

export const forkWorker = createForkWorker(new URL('./look-worker.ts', import.meta.url));
