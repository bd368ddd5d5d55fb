import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runHostService } from './host/run-host-service.ts';
import { chooseMode } from './mode/choose-mode.ts';
import { askDocker, runCompose } from './mode/run-docker.ts';
import { parseArguments, USAGE } from './parse-arguments.ts';
import { StartRefusedError } from './start-refused-error.ts';
import { runInTerminal } from './terminal/run-in-terminal.ts';

const root = join(import.meta.dirname, '..', '..', '..');

async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    console.log(USAGE);
    return 0;
  }
  if (args.service !== undefined) return runHostService(root, args.service, args.console, process.stdout);
  // The CLI and the services read the same name.
  const configFile = process.env['UNDERSTUDY_CONFIG'];
  const composeFile = join(root, 'docker-compose.yml');
  const choice = await chooseMode({
    nativeAsked: args.native,
    configNamed: Boolean(configFile),
    composeFile: existsSync(composeFile) ? composeFile : undefined,
    docker: askDocker,
  });
  console.log(`understudy: ${choice.mode === 'native' ? 'native start' : 'Compose'}: ${choice.why}`);
  const { faults, console: format } = args;
  if (choice.mode === 'compose') return runCompose(choice.composeFile, { faults });
  return runInTerminal({ root, faults, console: format, ...(configFile ? { configFile } : {}) }, process.stdout);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof StartRefusedError)) throw error;
  console.error(`understudy: ${error.message}`);
  process.exitCode = error.exitCode;
}
