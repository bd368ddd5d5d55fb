import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { findServer, searchFolders } from './servers/find-server.ts';
import { MONITORING_PROGRAMS } from './servers/monitoring-programs.ts';

const ROOT = join(import.meta.dirname, '..');
/** Where the programs that were brought lie. Git ignores it. */
export const MONITORING_FOLDER = join(ROOT, '.understudy', 'servers', 'monitoring');
const SCRIPT = join(import.meta.dirname, 'servers', 'bring-from-sid.sh');
const PACKAGES = ['prometheus', 'promtool', 'prometheus-alertmanager'];
/** 60 MB on a slow line. */
const LIMIT_MS = 10 * 60_000;

export type MonitoringPrograms =
  /** `folders` to be put before PATH: an older program of the same name may be there. */
  | { readonly state: 'found'; readonly folders: readonly string[] }
  | { readonly state: 'missing'; readonly problem: string };

export interface EnsureMonitoringOptions {
  readonly say?: (line: string) => void;
  readonly folders?: readonly string[];
  /** Brings all of them into a folder with a `bin/`; left out: from Debian's newest suite, where apt is. @returns why not */
  readonly bring?: (folder: string) => Promise<string | undefined>;
}

/** Finds Prometheus, Alertmanager and their tools, new enough, or brings them. Only tests need them: nothing fails without. */
export async function ensureMonitoring({
  say = console.error,
  folders = [join(MONITORING_FOLDER, 'bin'), ...searchFolders()],
  bring = bringFromDebian,
}: EnsureMonitoringOptions = {}): Promise<MonitoringPrograms> {
  const present = await look(folders);
  if (present.state === 'found') return present;
  say('bringing Prometheus and Alertmanager from Debian for the tests of rules and notices: unpacked, not installed');
  const failure = await bring(MONITORING_FOLDER);
  return failure === undefined ? look(folders) : { state: 'missing', problem: `${present.problem} (${failure})` };
}

async function look(folders: readonly string[]): Promise<MonitoringPrograms> {
  const found: string[] = [];
  for (const program of MONITORING_PROGRAMS) {
    const answer = await findServer(program, folders);
    if (answer.state !== 'found')
      return { state: 'missing', problem: `${program.name} ${program.oldestVersion} or newer is not on this machine` };
    found.push(join(answer.path, '..'));
  }
  return { state: 'found', folders: [...new Set(found)] };
}

function bringFromDebian(folder: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return Promise.resolve('they can be brought on Debian alone');
  return new Promise((resolve) => {
    execFile('sh', [SCRIPT, folder, ...PACKAGES], { timeout: LIMIT_MS }, (error, _stdout, stderr) => {
      resolve(error === null ? undefined : (stderr.trim().split('\n').at(-1) ?? error.message));
    });
  });
}
