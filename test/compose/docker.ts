import { execFile } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

/** Far above what anything takes: a busy machine is no failure. */
const LIMIT_MS = 240_000;
const MAX_OUTPUT_BYTES = 64_000_000;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input. */
  readonly input?: string;
  readonly limitMs?: number;
}

/** Runs a program in the checkout's root. One that is not installed or takes too long ends with a code other than 0. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      [...args],
      { cwd: ROOT, env: options.env ?? process.env, timeout: options.limitMs ?? LIMIT_MS, maxBuffer: MAX_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
        resolve({ code, stdout, stderr: stderr || (error?.message ?? '') });
      },
    );
    // A program that ended without reading it is told by its code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/** What it printed. @throws Error with its last words */
export async function outputOf(what: Promise<Ended>): Promise<string> {
  const { code, stdout, stderr } = await what;
  if (code !== 0) throw new Error(`ended with ${code}: ${stderr.trim().slice(-3000)}`);
  return stdout;
}

/** What docker printed. @throws Error with its last words */
export const docker = (args: readonly string[]): Promise<string> =>
  outputOf(run('docker', args)).catch((error: Error) => {
    throw new Error(`docker ${args.join(' ')} ${error.message}`);
  });
