import { readdir, readFile, readlink, realpath } from 'node:fs/promises';

/** More names help nobody. */
const MOST = 3;

async function holds(pid: string, file: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  // A process that ends meanwhile holds nothing, and one of another user is not told of.
  const open = await readdir(folder).catch(() => []);
  const files = await Promise.all(open.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return files.includes(file);
}

/** Who has a file open, as `obs (process 4711)`: on Linux, and as far as this user may see it. */
export async function holdersOf(path: string): Promise<readonly string[]> {
  try {
    const file = await realpath(path);
    const holders: string[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      if (holders.length === MOST) break;
      if (!(await holds(pid, file))) continue;
      holders.push(`${(await readFile(`/proc/${pid}/comm`, 'utf8')).trim()} (process ${pid})`);
    }
    return holders;
  } catch {
    return [];
  }
}
