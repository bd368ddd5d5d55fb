import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installCommands } from './install-commands.ts';

const cases = [
  { platform: 'linux', managers: ['Debian, Ubuntu', 'Fedora, RHEL', 'Arch'] },
  { platform: 'darwin', managers: ['Homebrew'] },
  { platform: 'win32', managers: ['Scoop', 'Chocolatey', 'winget'] },
];

for (const { platform, managers } of cases) {
  for (const name of ['nats-server', 'redis-server'] as const) {
    test(`${platform} is told how to install ${name} by ${managers.join(', ')}`, () => {
      const lines = installCommands(name, platform).split('\n');
      assert.deepEqual(
        lines.map((line) => line.split(': ')[0]),
        managers,
      );
    });
  }
}

test('an unknown platform is told where to read', () => {
  assert.match(installCommands('nats-server', 'sunos'), /docs\.nats\.io/);
});
