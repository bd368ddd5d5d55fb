import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { childEnvironment } from '../child/child-environment.ts';

/** Characters of its last words that are kept. */
const MAX_STDERR = 4000;
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 2000;

export interface FfmpegRun {
  readonly program: string;
  readonly arguments: readonly string[];
  /** A run on which nothing comes for so long is ended, whatever holds it. */
  readonly idleMs: number;
  onChunk(chunk: Buffer): void;
}

export interface FfmpegEnd {
  /** `ENOENT`: there is no such program. */
  readonly spawnError?: string;
  readonly exit: string;
  readonly stderr: string;
  /** Ended because nothing came. */
  readonly wasIdle: boolean;
}

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** The game comes first; a process that is gone already needs no priority. */
function yieldProcessor(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    return;
  }
}

/**
 * Runs until it ends by itself or the signal is aborted. What comes is handed on at once, so its pipe never fills.
 * @returns when it is gone: SIGTERM, and SIGKILL for one that does not follow
 */
export async function runFfmpeg(run: FfmpegRun, signal: AbortSignal): Promise<FfmpegEnd> {
  const child = spawn(run.program, run.arguments, {
    env: childEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  yieldProcessor(child);
  let stderr = '';
  let wasIdle = false;
  let spawnError: string | undefined;
  let killing: NodeJS.Timeout | undefined;

  function end(): void {
    if (killing !== undefined || isGone(child)) return;
    child.kill('SIGTERM');
    killing = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  }
  const idle = setTimeout(() => {
    wasIdle = true;
    end();
  }, run.idleMs);

  child.stdout.on('data', (chunk: Buffer) => {
    idle.refresh();
    if (!signal.aborted) run.onChunk(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR);
  });
  const gone = Promise.withResolvers<string>();
  child.on('error', (error: NodeJS.ErrnoException) => {
    spawnError = error.code ?? error.message;
    if (child.pid === undefined) gone.resolve('no start');
  });
  child.on('close', (code, name) => gone.resolve(name === null ? `exit code ${code}` : `signal ${name}`));
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const exit = await gone.promise;
    return { exit, stderr, wasIdle, ...(spawnError === undefined ? {} : { spawnError }) };
  } finally {
    clearTimeout(idle);
    clearTimeout(killing);
    signal.removeEventListener('abort', end);
  }
}
