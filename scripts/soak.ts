// `npm run soak [-- --minutes 20 --seed 1]`: the whole bot for a while, with faults at random, into docs/soak.md. It uses what only tests
// may, so it lives under test/ and runs as a process of its own. Linux only: memory is read from /proc.
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from './bootstrap/run-command.mjs';
import { ensureServers, requireServer, ServerMissingError } from './ensure-servers.ts';

try {
  const { nats, redis } = await ensureServers({ say: console.log });
  const folders = [nats, redis].map((server) => dirname(requireServer(server).path));
  process.env['PATH'] = [process.env['PATH'], ...folders].join(delimiter);
  process.exitCode = await runCommand({
    root: join(import.meta.dirname, '..'),
    nodePath: process.execPath,
    command: { entry: 'test/soak/main.ts', workingDirectory: 'root' },
    args: process.argv.slice(2),
  });
} catch (error) {
  if (!(error instanceof ServerMissingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
