import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const PROGRAMS = ['prometheus', 'promtool', 'alertmanager', 'amtool'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/** `npm test` brings them there (scripts/ensure-monitoring.ts) and puts the folder before PATH; a test that runs alone looks itself. */
const BROUGHT = join(import.meta.dirname, '..', '..', '..', '..', '.understudy', 'servers', 'monitoring', 'bin');

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian 12 has a promtool 2.42 that knows half of the keys. */
const isRecent = (name: ProgramName, path: string): boolean => {
  const { stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  const [, major = '0', minor = '0'] = /version (\d+)\.(\d+)/.exec(`${stdout}${stderr}`) ?? [];
  const [wantedMajor, wantedMinor] = name === 'alertmanager' || name === 'amtool' ? [0, 33] : [3, 5];
  return Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
};

const found = new Map<ProgramName, string>();

/** The program's path; `undefined` when this machine has none that is new enough. */
export function findProgram(name: ProgramName): string | undefined {
  const known = found.get(name);
  if (known !== undefined) return known;
  const folders = [BROUGHT, ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')];
  const path = folders
    .map((folder) => join(folder, name))
    .find((candidate) => isExecutable(candidate) && isRecent(name, candidate));
  if (path !== undefined) found.set(name, path);
  return path;
}

/** Why tests that need these cannot run, for `skip`; `false` when they can. */
export function whyNot(...names: readonly ProgramName[]): string | false {
  const missing = names.filter((name) => findProgram(name) === undefined);
  return missing.length === 0
    ? false
    : `NOT TESTED: ${missing.join(' and ')} is not on this machine; \`npm test\` brings it on Debian`;
}

/** The path of a program that must be there. @throws Error */
export function programPath(name: ProgramName): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not on this machine; \`npm test\` brings it on Debian`);
  return path;
}

/** What it prints. @throws Error with its output when it fails */
export function run(name: ProgramName, args: readonly string[]): string {
  return execFileSync(programPath(name), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
