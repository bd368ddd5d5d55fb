import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RECEIVER_SECRETS, renderStack } from '@understudy/monitoring';
import { type ConfigFile, formatProblems, loadConfig } from '@understudy/shared/config';
import { ensureCredentials, forgetCredentials } from './credentials.ts';
import { checkLayout } from './layout-version.ts';
import { readOperatorSecrets } from './operator-secrets.ts';
import { planVolumes } from './plan-volumes.ts';
import { providerKeys } from './provider-keys.ts';
import { receiverSecretProblems, unusedSecrets } from './receiver-secrets.ts';
import { SetupError } from './setup-error.ts';
import { type Owner, writeVolumes } from './write-volumes.ts';

export interface SetupOptions {
  readonly configFile: ConfigFile;
  /** The operator's `secrets/`. */
  readonly secretsFolder: string;
  /** Every volume by name. */
  readonly volumes: string;
  readonly owner: Owner;
  readonly stack: 'full' | 'lite';
  /** New credentials for everything that the stack's programs know each other by. */
  readonly rotate: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** The setup is root and reads everything; the services are not, and would find out one by one. */
function checkReadable(file: string, { uid, gid }: Owner): void {
  if (!existsSync(file)) return;
  const stat = statSync(file);
  const bit = stat.uid === uid ? 0o400 : stat.gid === gid ? 0o040 : 0o004;
  if ((stat.mode & bit) === 0)
    throw new SetupError(`${file} cannot be read by the services (user ${uid}); run chmod a+r ${file}`);
}

/** From the operator's files to what each container reads. Nothing is written before everything is known to be right. @throws SetupError */
export function runSetup(options: SetupOptions): void {
  const { say } = options;
  const state = join(options.volumes, 'setup-state');
  const loaded = loadConfig(options.configFile, options.env);
  if (!loaded.ok)
    throw new SetupError(`The configuration is wrong; nothing was changed.\n${formatProblems(loaded.problems)}`);
  const { config, simulated } = loaded;
  checkReadable(options.configFile.path, options.owner);
  const { secrets, warnings: secretWarnings } = readOperatorSecrets(options.secretsFolder);
  const receivers = RECEIVER_SECRETS.filter((name) => secrets.has(name));
  const rendered = renderStack(config, { stack: options.stack, receivers });
  const problems = [...(rendered.ok ? [] : rendered.problems), ...receiverSecretProblems(secrets)];
  if (!rendered.ok || problems.length > 0)
    throw new SetupError(`The notices are not set up right; nothing was changed.\n${problems.join('\n')}`);
  const { from } = checkLayout(state);
  if (options.rotate) forgetCredentials(state);
  const { keys, warnings } = providerKeys(config, secrets);
  const plan = planVolumes({
    config,
    simulated,
    credentials: ensureCredentials(state),
    secrets,
    keys,
    receivers,
    monitoring: rendered,
  });
  const changed = writeVolumes(options.volumes, plan, options.owner);

  const used = [...receivers, ...Object.values(keys).flat()];
  for (const warning of [...secretWarnings, ...warnings, ...unusedSecrets(secrets, used)]) say(`warning: ${warning}`);
  say(from === undefined ? 'first start: credentials were made' : `${changed.length} files changed`);
  say(simulated.length > 0 ? `simulated: ${simulated.join(', ')}` : 'every peer is real');
  say(
    receivers.length > 0
      ? `notices go to: ${receivers.join(', ')}`
      : 'notices go to the log only; put a file into secrets/ (secrets/README.md) to be told on your phone',
  );
  if (options.rotate)
    say('credentials were renewed; docker compose up -d --force-recreate lets every program take the new ones');
}
