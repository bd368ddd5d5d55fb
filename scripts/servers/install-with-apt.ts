import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** A first `apt-get update` on a slow line takes minutes. */
const LIMIT_MS = 10 * 60_000;

const SCRIPT = join(import.meta.dirname, 'install-with-apt.sh');

export type AptRights = 'root' | 'sudo' | 'none';

/** Whether this process may install by apt without asking anybody for a password. */
export async function aptRights(): Promise<AptRights> {
  if (process.platform !== 'linux' || !(await succeeds('apt-get', ['--version']))) return 'none';
  if (process.getuid?.() === 0) return 'root';
  return (await succeeds('sudo', ['-n', 'true'])) ? 'sudo' : 'none';
}

/**
 * Installs the packages' programs; their own services are not started.
 * @returns undefined when done, else the last line that apt said
 */
export async function installWithApt(
  packages: readonly string[],
  rights: 'root' | 'sudo',
): Promise<string | undefined> {
  const [file, args] = rights === 'root' ? ['sh', [SCRIPT]] : ['sudo', ['-n', 'sh', SCRIPT]];
  const result = await run(file, [...args, ...packages]);
  return result.ok ? undefined : (result.output.trim().split('\n').at(-1) ?? 'apt-get failed');
}

async function succeeds(file: string, args: string[]): Promise<boolean> {
  return (await run(file, args)).ok;
}

function run(file: string, args: string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ ok: error === null, output: error === null ? stdout : `${stdout}${stderr || error.message}` });
    });
  });
}
