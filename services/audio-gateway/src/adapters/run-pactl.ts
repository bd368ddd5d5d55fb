import { execFile } from 'node:child_process';
import type { PactlFailure } from '../pulse/explain-outage.ts';

export type PactlAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly failure: PactlFailure };

/** An inventory of a busy desktop is some 100 kB. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Runs `pactl` to its end; one that takes longer is killed, since it would wait for a hung server for ever. */
export const runPactl = (
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<PactlAnswer> =>
  new Promise((resolve) => {
    const options = {
      env,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_BYTES,
      ...(signal ? { signal } : {}),
    } as const;
    execFile('pactl', args, options, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, text: stdout });
      resolve({ ok: false, failure: failureOf(error, stderr, timeoutMs) });
    });
  });

function failureOf(
  error: Error & { code?: unknown; killed?: boolean },
  stderr: string,
  timeoutMs: number,
): PactlFailure {
  if (error.code === 'ENOENT') return { type: 'missing' };
  // Not our limit of time, but that of the library: the server took the connection and said nothing.
  if (error.killed || /Timeout/i.test(stderr)) return { type: 'timeout', afterMs: timeoutMs };
  return { type: 'failed', said: stderr || error.message };
}
