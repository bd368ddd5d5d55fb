import { fork } from 'node:child_process';
import { createValidator } from '@understudy/shared/contracts';
import { type DetectionAnswer, DetectionAnswerSchema, type DetectionRequest } from './detection-messages.ts';

export interface DetectionProcess {
  readonly pid: number | undefined;
  send(request: DetectionRequest): void;
  /** SIGKILL: it holds nothing that would have to be put away. Resolves when it is gone. */
  end(): Promise<void>;
}

export interface DetectionEvents {
  onAnswer(answer: DetectionAnswer): void;
  /** @param how in words, with the last line that it wrote */
  onExit(how: string): void;
}

export type ForkDetection = (events: DetectionEvents) => DetectionProcess;

/** It needs no key and no token. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'NODE_COMPILE_CACHE'];
const MAX_LINE = 300;

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

const validate = createValidator(DetectionAnswerSchema);

/** Node prints an error's first line somewhere above its stack. */
const lastWords = (stderr: string): string => {
  const lines = stderr.split('\n').map((line) => line.trim());
  const said = lines.find((line) => /^([A-Z]\w*)?Error\b/.test(line)) ?? lines.findLast((line) => line !== '');
  return said === undefined ? '' : `: ${said.slice(0, MAX_LINE)}`;
};

/** Starts detection-process.ts. Errors of the start itself arrive as an exit. */
export const forkDetection: ForkDetection = (events) => {
  const child = fork(new URL('./detection-process.ts', import.meta.url), {
    serialization: 'advanced',
    // The small young generation and the one thread are those of packages/starter/src/services/node-flags.ts.
    execArgv: ['--max-old-space-size=64', '--max-semi-space-size=1', '--v8-pool-size=1'],
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  let ended = false;
  const exit = (how: string): void => {
    if (ended) return;
    ended = true;
    resolve();
    events.onExit(how + lastWords(stderr));
  };

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-8 * MAX_LINE);
  });
  child.on('message', (message) => {
    const answer = validate(message);
    if (answer.ok) events.onAnswer(answer.value);
  });
  child.on('error', (error) => {
    stderr = error.message;
    if (child.pid === undefined) exit('could not be started');
  });
  // Not `exit`: only at `close` is its last line complete.
  child.on('close', (code, signal) => exit(signal === null ? `ended with code ${code}` : `was ended by ${signal}`));

  return {
    pid: child.pid,
    send(request) {
      // A failed send is followed by the exit.
      if (child.connected) child.send(request, () => {});
    },
    async end() {
      if (child.pid !== undefined) child.kill('SIGKILL');
      await gone;
    },
  };
};
