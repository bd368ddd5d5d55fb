import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Linux distributions keep libraries: Debian's multi-arch folders, Fedora's and SUSE's lib64, Arch's lib. */
const LIBRARY_FOLDERS = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib'];
const MULTIARCH = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/**
 * @param {{ arch: string, libraryPath?: string | undefined, exists?: (path: string) => boolean }} options
 * @returns {boolean}
 */
export function findsLibatomic({ arch, libraryPath = '', exists = existsSync }) {
  const multiarch = MULTIARCH[/** @type {keyof typeof MULTIARCH} */ (arch)];
  const folders = [
    ...libraryPath.split(':').filter((folder) => folder !== ''),
    ...LIBRARY_FOLDERS,
    ...(multiarch === undefined ? [] : LIBRARY_FOLDERS.map((folder) => join(folder, multiarch))),
  ];
  return folders.some((folder) => exists(join(folder, 'libatomic.so.1')));
}

/**
 * This machine, as far as the choice of a Node depends on it.
 * @returns {import('./choose-node.mjs').Machine}
 */
export function describeMachine() {
  const isLinux = process.platform === 'linux';
  return {
    runningVersion: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    isMusl: isLinux && !runsOnGlibc(),
    hasLibatomic: isLinux && findsLibatomic({ arch: process.arch, libraryPath: process.env.LD_LIBRARY_PATH }),
  };
}

function runsOnGlibc() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header?.glibcVersionRuntime !== undefined;
}
