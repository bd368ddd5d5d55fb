import type { ServerProgram } from './server-programs.ts';

type ServerName = ServerProgram['name'];

/** Where a distribution does not carry nats-server, the project's own package of this version, tried with Understudy. */
const NATS_RELEASE = 'https://github.com/nats-io/nats-server/releases/download/v2.15.1/nats-server-v2.15.1';

/** The command that installs each server, by platform and package manager. */
const COMMANDS: Record<string, readonly { tool: string; install: Record<ServerName, string> }[]> = {
  linux: [
    {
      tool: 'Debian, Ubuntu',
      install: {
        'nats-server': 'sudo apt-get install nats-server',
        'redis-server': 'sudo apt-get install redis-server',
      },
    },
    {
      tool: 'Fedora, RHEL',
      install: {
        'nats-server': `sudo dnf install ${NATS_RELEASE}-amd64.rpm`,
        'redis-server': 'sudo dnf install valkey',
      },
    },
    {
      tool: 'Arch',
      install: { 'nats-server': 'sudo pacman -S nats-server', 'redis-server': 'sudo pacman -S valkey' },
    },
  ],
  darwin: [
    { tool: 'Homebrew', install: { 'nats-server': 'brew install nats-server', 'redis-server': 'brew install redis' } },
  ],
  win32: [
    { tool: 'Scoop', install: { 'nats-server': 'scoop install nats-server', 'redis-server': 'scoop install redis' } },
    {
      tool: 'Chocolatey',
      install: { 'nats-server': 'choco install nats-server', 'redis-server': 'choco install redis' },
    },
    {
      tool: 'winget',
      install: { 'nats-server': 'winget install NATSAuthors.NATSServer', 'redis-server': 'winget install Redis.Redis' },
    },
  ],
};

/** One line per package manager of the platform. An unknown platform gets the projects' own pages. */
export function installCommands(name: ServerName, platform: string): string {
  const lines = COMMANDS[platform]?.map(({ tool, install }) => `${tool}: ${install[name]}`);
  return (lines ?? ['see https://docs.nats.io and https://redis.io/docs']).join('\n');
}
