import { parseArgs } from 'node:util';
import type { ConsoleFormat } from './services/service-environment.ts';
import { StartRefusedError } from './start-refused-error.ts';

export interface StartArguments {
  readonly native: boolean;
  readonly faults: boolean;
  readonly console: ConsoleFormat;
  /** Only this service, on this machine, beside the Compose stack. */
  readonly service: string | undefined;
  readonly help: boolean;
}

export const USAGE = `npm start -- [options]

  --native            start on this machine, also where Docker could run the Compose stack
  --faults            accept faults on purpose (npx understudy inject ...); for demo and test
  --console=pretty    show the services' log lines here too (or json); they are in logs/ either way
  --service=NAME      only this service, beside the Compose stack (after npx understudy host-env NAME)
  --help              this text

Names, peers and ports are in config/understudy.yaml.`;

const CONSOLES = { off: 'off', json: 'json', pretty: 'pretty' } as const satisfies Record<ConsoleFormat, ConsoleFormat>;
const isConsole = (value: string): value is ConsoleFormat => Object.hasOwn(CONSOLES, value);

/** @throws StartRefusedError with the usage, exit code 2 */
export function parseArguments(args: readonly string[]): StartArguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        native: { type: 'boolean', default: false },
        faults: { type: 'boolean', default: false },
        console: { type: 'string', default: 'off' },
        service: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const { native, faults, console, service, help } = values;
    if (!isConsole(console)) throw new Error(`--console=${console} is not one of ${Object.keys(CONSOLES).join(', ')}`);
    return { native, faults, console, service, help };
  } catch (error) {
    throw new StartRefusedError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, 2, {
      cause: error,
    });
  }
}
