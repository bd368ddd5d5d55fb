import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { childEnvironment } from '../child/child-environment.ts';
import type { FfmpegCommand } from './ffmpeg-arguments.ts';
import { describeFailure } from './open-http.ts';

/** Characters that are kept of its last words. */
const MAX_STDERR = 4000;
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 2000;

/** A run on which nothing comes for so long is ended, whatever holds it. */
export interface FfmpegPatience {
  readonly firstMs: number;
  /** After the first picture. */
  readonly silentMs: number;
}

export interface FfmpegRun {
  readonly program: string;
  readonly command: FfmpegCommand;
  readonly patience: FfmpegPatience;
  onChunk(chunk: Buffer): void;
}

export interface FfmpegEnd {
  /** `ENOENT`: there is no such program. */
  readonly spawnError?: string;
  readonly exit: string;
  /** What it said since its last picture. */
  readonly stderr: string;
  /** Ended because nothing came for so long. */
  readonly idleMs?: number;
}

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const nameOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : describeFailure(error);

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
  let child: ChildProcess;
  try {
    child = spawn(run.program, run.command.arguments, { env: childEnvironment(), stdio: 'pipe', windowsHide: true });
  } catch (error) {
    // Without memory (ENOMEM) it throws; most other failures come as an event, some without any pipe (EMFILE).
    return { spawnError: nameOf(error), exit: 'no start', stderr: '' };
  }
  yieldProcessor(child);
  let stderr = '';
  let idleMs: number | undefined;
  let spawnError: string | undefined;
  let killing: NodeJS.Timeout | undefined;

  function end(): void {
    if (killing !== undefined || isGone(child)) return;
    child.kill('SIGTERM');
    killing = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  }
  const waitFor = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      idleMs = ms;
      // It reads SIGTERM between two packets only, and hands out what it kept back.
      child.kill('SIGKILL');
    }, ms);
  let waiting = waitFor(run.patience.firstMs);

  // One that ends before it has read has its own words for the reason.
  child.stdin?.on('error', () => {}).end(run.command.stdin);
  child.stdout?.on('data', (chunk: Buffer) => {
    if (signal.aborted) return;
    clearTimeout(waiting);
    waiting = waitFor(run.patience.silentMs);
    // What it complained of before is not why it will end.
    stderr = '';
    run.onChunk(chunk);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR);
  });
  const gone = Promise.withResolvers<string>();
  child.on('error', (error) => {
    spawnError = nameOf(error);
    if (child.pid === undefined) gone.resolve('no start');
  });
  child.on('close', (code, name) => gone.resolve(name === null ? `exit code ${code}` : `signal ${name}`));
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const exit = await gone.promise;
    return {
      exit,
      stderr,
      ...(idleMs === undefined ? {} : { idleMs }),
      ...(spawnError === undefined ? {} : { spawnError }),
    };
  } finally {
    clearTimeout(waiting);
    clearTimeout(killing);
    signal.removeEventListener('abort', end);
  }
}
