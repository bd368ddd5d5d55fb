import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { isExecutable, searchFolders } from './servers/find-server.ts';

/** Where it lies when it was brought. Git ignores it. */
const FOLDER = join(import.meta.dirname, '..', '.understudy', 'servers', 'llama-server');
const SCRIPT = join(import.meta.dirname, 'servers', 'bring-llama-server.sh');
/** 34 MB on a slow line. */
const LIMIT_MS = 5 * 60_000;

export interface EnsureModelServerOptions {
  readonly say?: (line: string) => void;
  readonly folders?: readonly string[];
  /** Brings it into a folder with a `bin/`; left out: by pip. @returns why not */
  readonly bring?: (folder: string) => Promise<string | undefined>;
}

/**
 * Finds llama.cpp's server, or brings it. Only tests need it: nothing fails without.
 * @returns the folder to be put on PATH; `undefined` when it is on it already, or cannot be had, which is said
 */
export async function ensureModelServer({
  say = console.error,
  folders = searchFolders(),
  bring = bringByPip,
}: EnsureModelServerOptions = {}): Promise<string | undefined> {
  if (folders.some((folder) => isExecutable(join(folder, 'llama-server')))) return undefined;
  const failure = await bring(FOLDER);
  if (failure === undefined) return join(FOLDER, 'bin');
  say(`NOT TESTED: a real model server: llama-server is not on this machine, and could not be brought: ${failure}`);
  return undefined;
}

function bringByPip(folder: string): Promise<string | undefined> {
  if (process.platform === 'win32') return Promise.resolve('it can be brought on Linux and macOS alone');
  return new Promise((resolve) => {
    execFile('sh', [SCRIPT, folder], { timeout: LIMIT_MS }, (error, _stdout, stderr) => {
      resolve(error === null ? undefined : (stderr.trim().split('\n').at(-1) ?? error.message));
    });
  });
}
