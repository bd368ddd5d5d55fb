import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listSources } from '../../scripts/checks/list-sources.ts';

export const root = join(import.meta.dirname, '../..');

/** What is or may be committed, relative to the root with forward slashes. In a copy without git: every file outside the git-ignored folders. */
export function trackedFiles(): string[] {
  const git = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = git.status === 0 ? git.stdout.split('\0') : listSources(root, ['.'], ['']);
  return files.filter((file) => file !== '' && existsSync(join(root, file)));
}
