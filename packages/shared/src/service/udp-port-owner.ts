import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LOOKUP_TIMEOUT_MS = 1500;

/**
 * Inodes of the sockets that are bound to the port.
 * @param table the text of /proc/net/udp or udp6: column 2 is ADDRESS:PORT in hexadecimal, column 10 the inode
 */
export function inodesOfPort(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.split(':')[1] === wanted)
    .map((columns) => columns[9] ?? '')
    .filter(Boolean);
}

/** The program as it was started; its short name in the kernel may be that of a thread. */
async function nameOf(pid: string): Promise<string> {
  const [program = ''] = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return program.split(/[/\\]/).at(-1) || (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'process')).trim();
}

async function processOfInode(inodes: ReadonlySet<string>): Promise<string | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // A process of another user, or one that has just ended, cannot be looked into.
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const link = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      return `${await nameOf(pid)} (process ${pid})`;
    }
  }
  return undefined;
}

async function ownerOnLinux(port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    ['udp', 'udp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => inodesOfPort(table, port)));
  return inodes.size === 0 ? undefined : processOfInode(inodes);
}

/** `lsof -F pc` prints one field a line: p4711, cVRCOSC. */
async function ownerByLsof(port: number): Promise<string | undefined> {
  const { stdout } = await run('lsof', ['-nP', `-iUDP:${port}`, '-Fpc'], { timeout: LOOKUP_TIMEOUT_MS });
  const field = (letter: string) => new RegExp(`^${letter}(.+)$`, 'm').exec(stdout)?.[1];
  const pid = field('p');
  return pid === undefined ? undefined : `${field('c') ?? 'process'} (process ${pid})`;
}

async function ownerByNetstat(port: number): Promise<string | undefined> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'UDP'], { timeout: LOOKUP_TIMEOUT_MS });
  const pid = new RegExp(`^\\s*UDP\\s+\\S+:${port}\\s+\\S+\\s+(\\d+)\\s*$`, 'm').exec(stdout)?.[1];
  if (pid === undefined) return undefined;
  const tasks = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], { timeout: LOOKUP_TIMEOUT_MS });
  return `${/^"([^"]+)"/m.exec(tasks.stdout)?.[1] ?? 'process'} (process ${pid})`;
}

/** Who holds a UDP port, as well as this user may know it; undefined where it cannot be told. Never throws. */
export async function findUdpPortOwner(port: number, platform = process.platform): Promise<string | undefined> {
  const lookups: Partial<Record<NodeJS.Platform, (port: number) => Promise<string | undefined>>> = {
    linux: ownerOnLinux,
    darwin: ownerByLsof,
    win32: ownerByNetstat,
  };
  return lookups[platform]?.(port).catch(() => undefined);
}
