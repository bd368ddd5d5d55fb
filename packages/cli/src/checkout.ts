import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type ConfigFile,
  configFileOf,
  formatProblems,
  isInContainer,
  type LoadedConfig,
  loadConfig,
} from '@understudy/shared/config';
import { type Addresses, addressesOf, type Part } from './addresses.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-codes.ts';
import { isRunning, readRunRecord, runRecordFile } from './run-record.ts';

/** What the CLI knows of the Understudy that it talks to, without asking it. */
export interface Checkout {
  /** http://host:port of a part. @throws CommandError when nothing says it: no start that runs, and no configuration that is right there */
  address(part: Part): string;
  /** @throws CommandError when it has not been made yet */
  token(): string;
  /** What is wrong with the configuration on disk, by place, where the addresses are known in spite of it. */
  readonly problem: string | undefined;
}

/** In these it stands where each part listens. */
const ADDRESS_SECTIONS = ['http', 'simulators'] as const;

/**
 * Reads `config/understudy.yaml` and `.understudy` of the checkout; UNDERSTUDY_CONFIG and UNDERSTUDY_TOKEN_FILE name others, as they do
 * for the services.
 */
export function openCheckout(root: string, env: NodeJS.ProcessEnv = process.env): Checkout {
  const tokenFile = env['UNDERSTUDY_TOKEN_FILE'] ?? join(root, '.understudy', 'token');
  const configFile = configFileOf(root, env['UNDERSTUDY_CONFIG']);
  const loaded = loadConfig(configFile, env);
  const problem = loaded.ok ? undefined : formatProblems(loaded.problems);
  // Who mistook a name may have another Understudy in mind than the one that runs here.
  const isMistaken = configFile.isNamed && !existsSync(configFile.path);
  const addresses = isMistaken
    ? {}
    : { ...configuredAddresses(loaded, configFile, env), ...runningAddresses(dirname(tokenFile)) };
  return {
    address(part) {
      const known = addresses[part];
      if (known !== undefined) return known;
      throw new CommandError(
        `The configuration is wrong, so nobody knows where to ask. Correct this, and ask again:\n${problem}`,
        EXIT.badConfiguration,
      );
    },
    token: () => readToken(tokenFile),
    problem: addresses.supervisor === undefined ? undefined : problem,
  };
}

function configuredAddresses(whole: LoadedConfig, file: ConfigFile, env: NodeJS.ProcessEnv): Partial<Addresses> {
  // What is wrong in another section does not matter here.
  const loaded = whole.ok ? whole : loadConfig(file, env, ADDRESS_SECTIONS);
  if (loaded.ok) return addressesOf(loaded.config);
  // In the stack the ports are published and checked as they are by default: the configuration does not move them.
  const standard = isInContainer(env) ? loadConfig(NO_FILE, env) : loaded;
  return standard.ok ? addressesOf(standard.config) : {};
}

const NO_FILE: ConfigFile = { path: '', isNamed: false };

/** Where the parts of the native start listen since it began: its file may have been edited since, or it read another one. */
function runningAddresses(state: string): Partial<Addresses> {
  const record = readRunRecord(runRecordFile(state));
  return record && isRunning(record) ? (record.addresses ?? {}) : {};
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new CommandError(
      `The token cannot be read from ${file}. The first npm start makes it; the Compose stack keeps its own: docker compose exec supervisor understudy`,
      EXIT.failed,
      {
        cause,
      },
    );
  }
}
