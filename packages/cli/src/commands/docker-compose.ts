import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';

const run = promisify(execFile);
/** A first `docker compose run` may build the image. */
const LIMIT_MS = 300_000;

/** What docker printed. @throws CommandError with docker's last words */
export async function docker(root: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('docker', [...args], { cwd: root, timeout: LIMIT_MS, windowsHide: true });
    return stdout;
  } catch (cause) {
    const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    const said = words || (cause instanceof Error ? cause.message : String(cause));
    throw new CommandError(`docker ${args.join(' ')} failed: ${said.split('\n').slice(-3).join(' ')}`, EXIT.failed, {
      cause,
    });
  }
}

export const composeFileOf = ({ lite }: { readonly lite: boolean }): string =>
  lite ? 'docker-compose.lite.yml' : 'docker-compose.yml';

/** Runs the stack's one-shot with another verb than `up`. */
export const runSetup = (root: string, composeFile: string, ...verb: string[]): Promise<string> =>
  docker(root, [
    ...['compose', '-f', composeFile, 'run', '--rm', '--no-deps', '-T'],
    ...['setup', 'packages/setup/src/main.ts', ...verb],
  ]);
