import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { VolumePlan } from './plan-volumes.ts';

/** The user of every container of the stack but the setup. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const READ_ONLY = 0o400;

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/** Whoever reads it sees the old file or the new one, whole. A file that is the same is left alone, so that nobody reloads for nothing. */
function writeOwned(file: string, text: string, { uid, gid }: Owner): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text && statSync(file).uid === uid) return false;
  const draft = `${file}.draft`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: READ_ONLY });
  chownSync(draft, uid, gid);
  renameSync(draft, file);
  return true;
}

/**
 * Makes each volume that is mounted hold what is planned and no more, owned by its consumer. Volumes without a plan (data) only get
 * their owner. @param root folder of the mounted volumes, by name @returns the names of the files that changed, VOLUME/PATH
 */
export function writeVolumes(root: string, plan: VolumePlan, owner: Owner): string[] {
  const changed: string[] = [];
  for (const volume of readdirSync(root)) {
    if (volume === 'setup-state') continue;
    const folder = join(root, volume);
    chownSync(folder, owner.uid, owner.gid);
    const files = plan[volume];
    if (files === undefined) continue;
    chmodSync(folder, 0o700);
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      chownSync(dirname(file), owner.uid, owner.gid);
      if (writeOwned(file, text, owner)) changed.push(`${volume}/${path}`);
    }
    for (const stale of filesIn(folder).filter((path) => files[path] === undefined)) {
      rmSync(join(folder, stale));
      changed.push(`${volume}/${stale}`);
    }
  }
  return changed;
}
