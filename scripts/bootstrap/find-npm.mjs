import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * How to start npm: its script by this Node where it can be found (no shell, no .cmd), else whatever `npm` is on PATH.
 * @param {{ env?: NodeJS.ProcessEnv, execPath?: string, platform?: string, exists?: (path: string) => boolean }} [machine]
 * @returns {{ file: string, args: string[], shell: boolean }}
 */
export function findNpm({
  env = process.env,
  execPath = process.execPath,
  platform = process.platform,
  exists = existsSync,
} = {}) {
  const nodeFolder = dirname(execPath);
  const scripts = [
    // Set by `npm start`; pnpm and yarn set it too, to themselves.
    env.npm_execpath !== undefined && basename(env.npm_execpath) === 'npm-cli.js' ? env.npm_execpath : undefined,
    join(nodeFolder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(nodeFolder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = scripts.find((candidate) => candidate !== undefined && exists(candidate));
  if (script !== undefined) return { file: execPath, args: [script], shell: false };
  return platform === 'win32' ? { file: 'npm.cmd', args: [], shell: true } : { file: 'npm', args: [], shell: false };
}
