import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Folders that hold nothing of ours: dependencies, what is git-ignored, and git itself. */
const NOT_OURS = new Set(['node_modules', '.understudy', '.git', 'logs', 'secrets']);

/**
 * All files below `folders` whose name ends with one of `endings`, as paths relative to `root` with forward slashes, sorted.
 * A folder that does not exist holds no files.
 */
export function listSources(root: string, folders: readonly string[], endings: readonly string[]): string[] {
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => relative(root, path).split(sep).join('/'))
    .sort();
}

function filesBelow(folder: string): string[] {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

const entriesOf = (folder: string) => readdirSync(folder, { withFileTypes: true });
