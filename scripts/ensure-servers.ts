import { type AbsentServer, type FoundServer, findServer, searchFolders } from './servers/find-server.ts';
import { installCommands } from './servers/install-commands.ts';
import { aptRights, installWithApt } from './servers/install-with-apt.ts';
import { NATS, REDIS, type ServerProgram } from './servers/server-programs.ts';

export type { FoundServer } from './servers/find-server.ts';

/** `problem` and `remedy` are whole sentences for the operator; the remedy has one line per package manager. */
export type MissingServer = { state: 'missing'; problem: string; remedy: string };
export type Server = FoundServer | MissingServer;

export interface Servers {
  nats: Server;
  redis: Server;
}

export interface EnsureServersOptions {
  /** Told in one line what is about to be installed, and what could not be. */
  say?: (line: string) => void;
  /** Where executables are looked for. */
  folders?: readonly string[];
  /** Installs missing packages where it may; left out: apt. */
  install?: (packages: readonly string[], say: (line: string) => void) => Promise<void>;
}

/** Nothing runs without it. Thrown by {@link requireServer}. */
export class ServerMissingError extends Error {
  readonly code = 'SERVER_MISSING';

  constructor({ problem, remedy }: MissingServer) {
    super(`${problem}\n${remedy}`);
    this.name = 'ServerMissingError';
  }
}

/**
 * Finds nats-server (>= 2.9.10) and redis-server (or Valkey) on this machine. On Debian and Ubuntu a missing one is installed by apt, after saying so,
 * where that needs no password; the distribution's own service is not started. Never starts, stops or changes a server that runs.
 */
export async function ensureServers({
  say = console.error,
  folders = searchFolders(),
  install = installWhereAllowed,
}: EnsureServersOptions = {}): Promise<Servers> {
  const found = { nats: await findServer(NATS, folders), redis: await findServer(REDIS, folders) };
  const packages = [
    ...(found.nats.state === 'absent' ? [NATS.aptPackage] : []),
    ...(found.redis.state === 'absent' ? [REDIS.aptPackage] : []),
  ];
  if (packages.length === 0) return { nats: describe(NATS, found.nats), redis: describe(REDIS, found.redis) };
  await install(packages, say);
  return {
    nats: describe(NATS, await findServer(NATS, folders)),
    redis: describe(REDIS, await findServer(REDIS, folders)),
  };
}

/** @throws {ServerMissingError} whose message tells how to install it */
export function requireServer(server: Server): FoundServer {
  if (server.state === 'missing') throw new ServerMissingError(server);
  return server;
}

async function installWhereAllowed(packages: readonly string[], say: (line: string) => void): Promise<void> {
  const rights = await aptRights();
  if (rights === 'none') return;
  const names = packages.join(' and ');
  say(`installing ${names} by apt: the programs only, their own services are not started`);
  const failure = await installWithApt(packages, rights);
  if (failure !== undefined) say(`apt could not install ${names}: ${failure}`);
}

function describe({ name, oldestVersion }: ServerProgram, server: FoundServer | AbsentServer): Server {
  if (server.state === 'found') return server;
  const wanted = oldestVersion === undefined ? name : `${name} ${oldestVersion} or newer`;
  return {
    state: 'missing',
    problem: server.state === 'absent' ? `${wanted} is not on PATH.` : `${server.path} ${server.reason}.`,
    remedy: `Install it:\n${installCommands(name, process.platform)}`,
  };
}
