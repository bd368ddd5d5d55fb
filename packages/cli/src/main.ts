import { join } from 'node:path';
import { runCli } from './run-cli.ts';

function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  return interrupted.signal;
}

process.exitCode = await runCli({
  root: join(import.meta.dirname, '..', '..', '..'),
  args: process.argv.slice(2),
  env: process.env,
  output: process.stdout,
  errors: process.stderr,
  untilInterrupted,
});
