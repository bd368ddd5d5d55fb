import { existsSync } from 'node:fs';
import { addressesOf } from '@understudy/cli';
import {
  configFileOf,
  EXIT_BAD_CONFIGURATION,
  formatProblems,
  loadConfig,
  type Peer,
  type ResolvedConfig,
} from '@understudy/shared/config';
import { ensureSecret } from '@understudy/shared/servers';
import { ensureServers, type FoundServer, requireServer, ServerMissingError } from '../../../scripts/ensure-servers.ts';
import { type Places, placesOf } from './places.ts';
import { checkPorts } from './ports/check-ports.ts';
import { plannedPorts } from './ports/planned-ports.ts';
import { claimRun, type RunClaim } from './run-record/claim-run.ts';
import { endOrphans } from './run-record/process-records.ts';
import type { StartOptions } from './start-options.ts';
import { StartRefusedError } from './start-refused-error.ts';

/** Everything that a start needs before its first process. */
export interface PreparedStart {
  readonly config: ResolvedConfig;
  readonly simulated: readonly Peer[];
  readonly places: Places;
  readonly claim: RunClaim;
  readonly nats: FoundServer;
  readonly redis: FoundServer | undefined;
  readonly token: string;
}

/**
 * Reads the configuration, claims the state folder, clears what a dead start left, and sees that servers and ports are there.
 * Starts nothing. @throws StartRefusedError
 */
export async function prepareStart(options: StartOptions, note: (text: string) => void): Promise<PreparedStart> {
  const configFile = configFileOf(options.root, options.configFile);
  const loaded = loadConfig(configFile);
  if (!loaded.ok) {
    const problems = formatProblems(loaded.problems);
    throw new StartRefusedError(
      `The configuration is wrong; nothing was started.\n${problems}`,
      EXIT_BAD_CONFIGURATION,
    );
  }
  const { config, simulated } = loaded;
  if (!existsSync(configFile.path))
    note(`${configFile.path} is not there: every default holds and every peer is simulated`);
  const places = placesOf(options, config);
  const claim = await claimRun(places.state, addressesOf(config));
  try {
    const servers = options.servers ?? (await ensureServers({ say: note }));
    const nats = requireServer(servers.nats);
    const redis = servers.redis.state === 'found' ? servers.redis : undefined;
    if (servers.redis.state === 'missing')
      note(`${servers.redis.problem} The bot runs with an in-process cache. ${servers.redis.remedy}`);
    const orphans = await endOrphans(places.run);
    if (orphans.length > 0) note(`ended what a start that died had left running: ${orphans.join(', ')}`);
    await checkPorts(plannedPorts(config, simulated, redis !== undefined), configFile.path);
    return { config, simulated, places, claim, nats, redis, token: ensureSecret(places.tokenFile) };
  } catch (error) {
    claim.release();
    if (error instanceof ServerMissingError) throw new StartRefusedError(error.message, 1, { cause: error });
    throw error;
  }
}
