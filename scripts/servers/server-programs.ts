/** A program that is looked for on this machine, and what counts as one. */
export interface Program {
  name: string;
  /** Executables that do, best first. */
  executables: readonly string[];
  /** Finds the version in what `--version` prints. */
  versionPattern: RegExp;
  /** Any version when absent. */
  oldestVersion?: string;
}

/** The two servers that Understudy starts as programs of their own. */
export interface ServerProgram extends Program {
  name: 'nats-server' | 'redis-server';
  aptPackage: string;
}

export const NATS: ServerProgram = {
  name: 'nats-server',
  executables: ['nats-server'],
  versionPattern: /nats-server: v(\d+\.\d+\.\d+)/,
  oldestVersion: '2.9.10',
  aptPackage: 'nats-server',
};

/** Valkey is Redis under its free licence; Fedora and Arch ship it in its place. */
export const REDIS: ServerProgram = {
  name: 'redis-server',
  executables: ['redis-server', 'valkey-server'],
  versionPattern: /server v=(\d+\.\d+\.\d+)/,
  aptPackage: 'redis-server',
};
