import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure } from './explain-failure.mjs';
import { runQuietly } from './run-quietly.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * What decides whether node_modules fits: the lock file, and the platform (sharp and Biome are binaries; a checkout may be seen from Windows and from WSL).
 * @param {string} root
 */
export function workspaceFingerprint(root) {
  const lock = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
}

/** @param {string} root */
export function isWorkspaceInstalled(root) {
  if (!existsSync(join(root, 'node_modules', '.modules.yaml'))) return false;
  const stamp = stampFileIn(root);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === workspaceFingerprint(root);
}

/**
 * @param {{ root: string, nodePath: string, pnpmScript: string }} where
 * @param {(line: string) => void} say
 */
export async function installWorkspace({ root, nodePath, pnpmScript }, say) {
  say('installing the dependencies that pnpm-lock.yaml names (a minute or so, needed only when it changed)');
  // Without a terminal pnpm would rather stop than replace a node_modules of another layout.
  const args = [
    pnpmScript,
    'install',
    '--frozen-lockfile',
    '--config.confirm-modules-purge=false',
    '--reporter=append-only',
  ];
  const { exitCode, output } = await runQuietly(nodePath, args, { cwd: root });
  if (exitCode !== 0) throw new SetupError('pnpm could not install the dependencies', explainFailure(output));
  writeFileSync(stampFileIn(root), workspaceFingerprint(root));
}

/** @param {string} root */
const stampFileIn = (root) => join(root, '.understudy', 'installed.sha256');
