import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblems, loadConfig, type ResolvedConfig } from '@understudy/shared/config';
import type { ServiceName } from '@understudy/shared/contracts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-codes.ts';

export type Part = ServiceName | 'starter' | 'simulators';

/** What the CLI knows of the Understudy that it talks to, without asking it. */
export interface Checkout {
  /** http://host:port of a part. @throws CommandError when the configuration does not say it, because it is wrong there */
  address(part: Part): string;
  /** @throws CommandError when it has not been made yet */
  token(): string;
  /** What is wrong with the configuration on disk beside the addresses, by place: what runs still has the last good one. */
  readonly problem: string | undefined;
}

/** In these it stands where each part listens. */
const ADDRESS_SECTIONS = ['http', 'simulators'] as const;

/**
 * Reads `config/understudy.yaml` and `.understudy/token` of the checkout; UNDERSTUDY_CONFIG and UNDERSTUDY_TOKEN_FILE name others, as they do
 * for the services.
 */
export function openCheckout(root: string, env: NodeJS.ProcessEnv = process.env): Checkout {
  const configFile = env['UNDERSTUDY_CONFIG'] ?? join(root, 'config', 'understudy.yaml');
  const tokenFile = env['UNDERSTUDY_TOKEN_FILE'] ?? join(root, '.understudy', 'token');
  const whole = loadConfig(configFile, env);
  const addresses = whole.ok ? whole : loadConfig(configFile, env, ADDRESS_SECTIONS);
  const problem = whole.ok ? undefined : formatProblems(whole.problems);
  return {
    address(part) {
      if (addresses.ok) return addressOf(addresses.config, part);
      throw new CommandError(
        `The configuration is wrong, so nobody knows where to ask. Correct this, and ask again:\n${problem}`,
        EXIT.badConfiguration,
      );
    },
    token: () => readToken(tokenFile),
    problem: addresses.ok ? problem : undefined,
  };
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
    throw new CommandError(
      `The token cannot be read from ${file}. The first npm start makes it; the Compose stack keeps its own: docker compose exec supervisor understudy`,
      EXIT.failed,
      {
        cause,
      },
    );
  }
}
