import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { lsofPid, netstatPid, socketInodes } from './socket-tables.ts';

export interface PortOwner {
  readonly pid: number;
  /** Its command line, or its program's name where that is all one may see. */
  readonly command: string;
}

type Protocol = 'tcp' | 'udp';

/** How one system is asked. Each may throw: then nothing is known. */
interface System {
  pidOf(protocol: Protocol, port: number): Promise<number | undefined>;
  commandOf(pid: number): Promise<string | undefined>;
}

const LOOKUP_TIMEOUT_MS = 5000;
const COMMAND_CHARACTERS = 160;

const run = async (file: string, args: string[]): Promise<string> =>
  (await promisify(execFile)(file, args, { timeout: LOOKUP_TIMEOUT_MS, windowsHide: true })).stdout;

async function holderOf(inodes: ReadonlySet<string>): Promise<number | undefined> {
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const folder = `/proc/${pid}/fd`;
    const descriptors = await readdir(folder).catch(() => []);
    const targets = await Promise.all(descriptors.map((fd) => readlink(`${folder}/${fd}`).catch(() => '')));
    if (targets.some((target) => links.has(target))) return Number(pid);
  }
  return undefined;
}

const linux: System = {
  async pidOf(protocol, port) {
    const names = [protocol, `${protocol}6`];
    const tables = await Promise.all(names.map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
    const inodes = new Set(tables.flatMap((table) => socketInodes(table, protocol, port)));
    return inodes.size === 0 ? undefined : holderOf(inodes);
  },
  commandOf: async (pid) => (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' '),
};

const posix: System = {
  async pidOf(protocol, port) {
    const listening = protocol === 'tcp' ? ['-sTCP:LISTEN'] : [];
    return lsofPid(await run('lsof', ['-nP', `-i${protocol.toUpperCase()}:${port}`, ...listening, '-Fp']));
  },
  commandOf: (pid) => run('ps', ['-o', 'command=', '-p', String(pid)]),
};

const windows: System = {
  pidOf: async (protocol, port) =>
    netstatPid(await run('netstat', ['-ano', '-p', protocol.toUpperCase()]), protocol, port),
  async commandOf(pid) {
    const [name] = (await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'])).split('","');
    return name?.replace('"', '');
  },
};

/**
 * The process that holds the port. Never throws and never blocks: it is asked for where something has failed already.
 * @returns `undefined` where the system hides it (another user's process) or cannot be asked
 */
export async function findPortOwner(protocol: Protocol, port: number): Promise<PortOwner | undefined> {
  const system = { linux, win32: windows }[process.platform as string] ?? posix;
  const pid = await system.pidOf(protocol, port).catch(() => undefined);
  if (pid === undefined) return undefined;
  const command = (await system.commandOf(pid).catch(() => undefined))?.trim();
  return { pid, command: (command || 'unknown program').slice(0, COMMAND_CHARACTERS) };
}

/** For a message: `node server.js (process 4711)`. */
export const describePortOwner = (owner: PortOwner | undefined): string =>
  owner ? `${owner.command} (process ${owner.pid})` : 'a program that cannot be seen from here';
