import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { lsofPid, netstatPid, socketInodes } from './socket-tables.ts';

export interface PortOwner {
  readonly pid: number;
  /** Its command line, or its program's name where that is all one may see. */
  readonly command: string;
}

type Protocol = 'tcp' | 'udp';

/** The process that holds the port. @returns `undefined` where the system hides it (another user's process) or cannot be asked */
export function findPortOwner(protocol: Protocol, port: number): PortOwner | undefined {
  const system = SYSTEMS[process.platform === 'linux' || process.platform === 'win32' ? process.platform : 'posix'];
  const pid = attempt(() => system.pidOf(protocol, port));
  if (pid === undefined) return undefined;
  return { pid, command: (attempt(() => system.commandOf(pid)) ?? '').trim() || 'unknown program' };
}

const SYSTEMS = {
  linux: {
    pidOf: (protocol: Protocol, port: number) => {
      const tables = [protocol, `${protocol}6`].map(
        (name) => attempt(() => readFileSync(`/proc/net/${name}`, 'utf8')) ?? '',
      );
      const inodes = new Set(tables.flatMap((table) => socketInodes(table, protocol, port)));
      return inodes.size === 0 ? undefined : holderOf(inodes);
    },
    commandOf: (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
  },
  posix: {
    pidOf: (protocol: Protocol, port: number) =>
      lsofPid(
        run('lsof', [
          '-nP',
          `-i${protocol.toUpperCase()}:${port}`,
          ...(protocol === 'tcp' ? ['-sTCP:LISTEN'] : []),
          '-Fp',
        ]),
      ),
    commandOf: (pid: number) => run('ps', ['-o', 'command=', '-p', String(pid)]),
  },
  win32: {
    pidOf: (protocol: Protocol, port: number) =>
      netstatPid(run('netstat', ['-ano', '-p', protocol.toUpperCase()]), protocol, port),
    commandOf: (pid: number) =>
      run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'])
        .split('","')[0]
        ?.replace('"', ''),
  },
} as const;

function holderOf(inodes: ReadonlySet<string>): number | undefined {
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const holder = pids.find((pid) => {
    const folder = `/proc/${pid}/fd`;
    const descriptors = attempt(() => readdirSync(folder)) ?? [];
    return descriptors.some((fd) => links.has(attempt(() => readlinkSync(`${folder}/${fd}`)) ?? ''));
  });
  return holder === undefined ? undefined : Number(holder);
}

const run = (file: string, args: string[]): string =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000, windowsHide: true });

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
