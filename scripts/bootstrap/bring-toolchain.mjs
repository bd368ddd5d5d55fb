import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure } from './explain-failure.mjs';
import { findNpm } from './find-npm.mjs';
import { runQuietly } from './run-quietly.mjs';
import { SetupError } from './setup-error.mjs';

/** Read by nothing else: package.json has no `packageManager`, or Corepack and pnpm itself would bring a second one. */
export const PNPM_VERSION = '12.21.0';

/**
 * @typedef {object} Toolchain
 * @property {string} folder `.understudy/toolchain`
 * @property {import('./choose-node.mjs').NodeChoice & { type: 'installed' | 'bring' }} node
 */

/**
 * @param {Toolchain} toolchain
 * @returns {string} the Node that runs Understudy
 */
export function nodePathOf({ folder, node }) {
  if (node.type === 'installed') return process.execPath;
  return join(folder, 'node_modules', node.packageName, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** @param {Toolchain} toolchain */
export function pnpmScriptOf({ folder }) {
  return join(folder, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs');
}

/**
 * True when an earlier run brought exactly this and saw it work.
 * @param {Toolchain} toolchain
 */
export function isToolchainReady(toolchain) {
  return (
    readStamp(toolchain) === stampOf(toolchain) &&
    [nodePathOf(toolchain), pnpmScriptOf(toolchain)].every((path) => existsSync(path))
  );
}

/**
 * Brings Node (where the installed one is too old) and pnpm by npm into the toolchain folder, never globally, and sees both run.
 * @param {Toolchain} toolchain
 * @param {(line: string) => void} say
 */
export async function bringToolchain(toolchain, say) {
  const packages = packagesOf(toolchain);
  if (!isEachInstalled(toolchain.folder, packages)) {
    const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
    say(
      `bringing ${names.join(' and ')} into .understudy/toolchain by npm${toolchain.node.type === 'bring' ? `: ${toolchain.node.reason}` : ''}`,
    );
    await installByNpm(toolchain.folder, packages);
  }
  await seeItRun(nodePathOf(toolchain), ['--version']);
  await seeItRun(nodePathOf(toolchain), [pnpmScriptOf(toolchain), '--version']);
  writeFileSync(stampFileOf(toolchain), stampOf(toolchain));
}

/**
 * @param {Toolchain} toolchain
 * @returns {Record<string, string>} version by package name
 */
function packagesOf({ node }) {
  return { ...(node.type === 'bring' ? { [node.packageName]: node.version } : {}), pnpm: PNPM_VERSION };
}

/**
 * @param {string} folder
 * @param {Record<string, string>} packages
 */
function isEachInstalled(folder, packages) {
  return Object.entries(packages).every(([name, version]) => {
    const manifest = join(folder, 'node_modules', name, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  });
}

/**
 * @param {string} folder
 * @param {Record<string, string>} packages
 */
async function installByNpm(folder, packages) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ private: true, dependencies: packages }, null, 2)}\n`,
  );
  const npm = findNpm();
  // No script is needed: both packages carry their binaries. pnpm's comes as an optional dependency.
  const options = [
    '--prefix',
    folder,
    '--ignore-scripts',
    '--include=optional',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { exitCode, output } = await runQuietly(npm.file, [...npm.args, 'install', ...options], {
    cwd: folder,
    shell: npm.shell,
  });
  if (exitCode === 0) return;
  throw new SetupError(`npm could not install the toolchain into ${folder}`, explainFailure(output));
}

/**
 * @param {string} file
 * @param {string[]} args
 */
async function seeItRun(file, args) {
  const { exitCode, output } = await runQuietly(file, args);
  if (exitCode === 0) return;
  throw new SetupError(
    `${[file, ...args].join(' ')} does not run: ${output.trim()}`,
    'install Node >= 24 yourself (nodejs.org), remove the folder .understudy/toolchain, and run the command again',
  );
}

/** @param {Toolchain} toolchain */
const stampFileOf = ({ folder }) => join(folder, 'ready');

/** @param {Toolchain} toolchain */
const stampOf = (toolchain) => JSON.stringify(packagesOf(toolchain));

/** @param {Toolchain} toolchain */
function readStamp(toolchain) {
  try {
    return readFileSync(stampFileOf(toolchain), 'utf8');
  } catch {
    return undefined;
  }
}
