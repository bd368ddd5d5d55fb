import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblems, loadConfig, parseConfig, type ResolvedConfig } from '@understudy/shared/config';
import type { ServiceName } from '@understudy/shared/contracts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-codes.ts';

export type Part = ServiceName | 'starter' | 'simulators';

/** What the CLI knows of the Understudy that it talks to, without asking it. */
export interface Checkout {
  /** http://host:port of a part. */
  address(part: Part): string;
  /** @throws CommandError when it has not been made yet */
  token(): string;
  /** The configuration on disk is wrong, so the default ports are used: what runs still has the last good one. */
  readonly problem: string | undefined;
}

/**
 * Reads `config/understudy.yaml` and `.understudy/token` of the checkout; UNDERSTUDY_CONFIG and UNDERSTUDY_TOKEN_FILE name others, as they do
 * for the services.
 */
export function openCheckout(root: string, env: NodeJS.ProcessEnv = process.env): Checkout {
  const configFile = env['UNDERSTUDY_CONFIG'] ?? join(root, 'config', 'understudy.yaml');
  const tokenFile = env['UNDERSTUDY_TOKEN_FILE'] ?? join(root, '.understudy', 'token');
  const { config, problem } = readConfig(configFile);
  return {
    address: (part) => addressOf(config, part),
    token: () => readToken(tokenFile),
    problem,
  };
}

function readConfig(file: string): { config: ResolvedConfig; problem: string | undefined } {
  const loaded = loadConfig(file);
  if (loaded.ok) return { config: loaded.config, problem: undefined };
  const defaults = parseConfig('', file);
  if (!defaults.ok) throw new Error('the default configuration does not match its own schema');
  return { config: defaults.config, problem: formatProblems(loaded.problems) };
}

function addressOf({ hosts, http, simulators }: ResolvedConfig, part: Part): string {
  if (part === 'simulators') return `http://${hosts.simulators}:${simulators.control_port}`;
  // The starter is beside the supervisor.
  return `http://${hosts[part === 'starter' ? 'supervisor' : part]}:${http.ports[part]}`;
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new CommandError(`The token cannot be read from ${file}. The first npm start makes it.`, EXIT.failed, {
      cause,
    });
  }
}
