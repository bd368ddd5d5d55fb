import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { compareVersions } from './compare-versions.ts';
import type { Program } from './server-programs.ts';

export type FoundServer = { state: 'found'; path: string; version: string };
export type AbsentServer = { state: 'absent' } | { state: 'unusable'; path: string; reason: string };

/** Debian puts servers where an ordinary user's PATH does not look; Homebrew's folder is missing from the PATH of programs with a window. */
const FOLDERS_BESIDE_PATH = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Where to look: PATH, then {@link FOLDERS_BESIDE_PATH}. */
export function searchFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const onPath = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...new Set([...onPath, ...(process.platform === 'win32' ? [] : FOLDERS_BESIDE_PATH)])];
}

/**
 * The first usable executable of `program` in `folders`. It is asked for its version and not started as a server.
 * @returns `unusable` when the only ones found are too old or do not run
 */
export async function findServer(program: Program, folders: readonly string[]): Promise<FoundServer | AbsentServer> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const candidates = program.executables
    .flatMap((name) => folders.map((folder) => join(folder, `${name}${suffix}`)))
    .filter(isExecutable);
  let answer: AbsentServer = { state: 'absent' };
  for (const path of candidates) {
    const server = await inspect(program, path);
    if (server.state === 'found') return server;
    if (answer.state === 'absent') answer = server;
  }
  return answer;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function inspect(program: Program, path: string): Promise<FoundServer | AbsentServer> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: 10_000, windowsHide: true }, (error, stdout, stderr) => {
      const version = program.versionPattern.exec(`${stdout}${stderr}`)?.[1];
      if (version === undefined) {
        resolve({ state: 'unusable', path, reason: `does not tell its version (${error?.message ?? stdout.trim()})` });
      } else if (program.oldestVersion !== undefined && compareVersions(version, program.oldestVersion) < 0) {
        resolve({ state: 'unusable', path, reason: `is ${version}, and ${program.oldestVersion} or newer is needed` });
      } else {
        resolve({ state: 'found', path, version });
      }
    });
  });
}
