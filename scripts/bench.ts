// `npm run bench`: how fast the bot is, beside its own baselines, into docs/benchmarks.md. Needs nats-server, takes about two minutes.
// The benches use what only tests may, so they live under test/ and run as a process of their own.
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from './bootstrap/run-command.mjs';
import { ensureServers, requireServer, ServerMissingError } from './ensure-servers.ts';

try {
  const nats = requireServer((await ensureServers({ say: console.log })).nats);
  process.env['PATH'] = [process.env['PATH'], dirname(nats.path)].join(delimiter);
  process.exitCode = await runCommand({
    root: join(import.meta.dirname, '..'),
    nodePath: process.execPath,
    command: { entry: 'test/bench/main.ts', workingDirectory: 'root' },
    args: [],
  });
} catch (error) {
  if (!(error instanceof ServerMissingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
