import { execFile, spawn } from 'node:child_process';

/** An engine that is starting up answers late; one that hangs must not hold the start. */
const LIMIT_MS = 10_000;

/** @returns what docker printed, `undefined` when it failed, was late or is not installed */
export function askDocker(args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('docker', [...args], { timeout: LIMIT_MS, windowsHide: true }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}

/** `docker compose up` in this terminal. @returns its exit code */
export function runCompose(composeFile: string, { faults }: { readonly faults: boolean }): Promise<number> {
  // Compose has the terminal's Ctrl-C itself; this process must outlive it to pass its exit code on.
  process.on('SIGINT', () => {});
  const child = spawn('docker', ['compose', '-f', composeFile, 'up'], {
    stdio: 'inherit',
    env: { ...process.env, ...(faults ? { UNDERSTUDY_FAULTS: 'on' } : {}) },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
