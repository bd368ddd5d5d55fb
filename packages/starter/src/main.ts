import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runHostService } from './host/run-host-service.ts';
import { chooseMode } from './mode/choose-mode.ts';
import { askDocker, runCompose } from './mode/run-docker.ts';
import { parseArguments, type StartArguments, USAGE } from './parse-arguments.ts';
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
  const composeFile = join(root, 'docker-compose.yml');
  const choice = await chooseMode({
    nativeAsked: args.native,
    composeFile: existsSync(composeFile) ? composeFile : undefined,
    docker: askDocker,
  });
  console.log(`understudy: ${choice.mode === 'native' ? 'native start' : 'Compose'}: ${choice.why}`);
  return choice.mode === 'compose' ? runCompose(choice.composeFile) : startNatively(args);
}

/** UNDERSTUDY_CONFIG names another file than config/understudy.yaml; the CLI and the services read the same name. */
function startNatively({ faults, console: format }: StartArguments): Promise<number> {
  const configFile = process.env['UNDERSTUDY_CONFIG'];
  const options = { root, faults, console: format, ...(configFile ? { configFile } : {}) };
  return runInTerminal(options, process.stdout);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof StartRefusedError)) throw error;
  console.error(`understudy: ${error.message}`);
  process.exitCode = error.exitCode;
}
