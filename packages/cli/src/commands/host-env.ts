import { createServer } from 'node:net';
import { join } from 'node:path';
import { type ConfigFile, configFileOf } from '@understudy/shared/config';
import { SUPERVISED_SERVICES } from '@understudy/shared/contracts';
import { writePrivately } from '@understudy/shared/servers';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { composeFileOf, docker, runSetup } from './docker-compose.ts';

/**
 * The address on which a service must listen so that containers reach it. On Linux that is the bridge's own; Docker Desktop forwards
 * `host.docker.internal` to loopback, and the bridge is not on this machine.
 */
async function listeningAddress(root: string): Promise<string> {
  const format = '{{range .IPAM.Config}}{{.Gateway}}{{end}}';
  const gateway = (await docker(root, ['network', 'inspect', 'bridge', '-f', format])).trim();
  return (await canListenOn(gateway)) ? gateway : '127.0.0.1';
}

/** Tried, since a bridge without a container of its own is down, and no list of interfaces names it. */
function canListenOn(address: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });
}

/** A file that is only the default one may be missing; one that is named may not. */
const configLines = ({ path, isNamed }: ConfigFile): string[] => (isNamed ? [`UNDERSTUDY_CONFIG=${path}`] : []);

/** What the host adds to the stack's lines. `HOSTS` names this service as the stack calls it, so that this Host header is accepted. */
const hostLines = (service: string, root: string, listen: string): string[] => [
  `UNDERSTUDY_LISTEN=${listen}`,
  `UNDERSTUDY_HOSTS=${service}=host.docker.internal`,
  ...configLines(configFileOf(root, process.env['UNDERSTUDY_CONFIG'])),
  `UNDERSTUDY_DATA=${join(root, '.understudy', 'host')}`,
  `UNDERSTUDY_LOGS=${join(root, 'logs')}`,
];

export const hostEnvironmentFile = (root: string, service: string): string =>
  join(root, '.understudy', 'host', `${service}.env`);

/** Writes the environment of a service that runs on this machine beside the Compose stack. @returns what is left to do */
export async function hostEnv(root: string, service: string, options: { readonly lite: boolean }): Promise<string> {
  if (!SUPERVISED_SERVICES.some((name) => name === service))
    throw new CommandError(
      `"${service}" cannot run on the host; one of ${SUPERVISED_SERVICES.join(', ')} can`,
      EXIT.usage,
    );
  const file = composeFileOf(options);
  const fromStack = await runSetup(root, file, 'host-env', service);
  const ownLines = hostLines(service, root, await listeningAddress(root));
  const target = hostEnvironmentFile(root, service);
  writePrivately(target, `${fromStack}${ownLines.join('\n')}\n`);
  const variable = `UNDERSTUDY_${service.toUpperCase().replaceAll('-', '_')}`;
  return [
    `${target} is written; only you can read it. Now:`,
    `  1. into the file .env beside ${file}:  ${variable}_HOST=host.docker.internal`,
    `                                         ${variable}_REPLICAS=0`,
    `  2. docker compose -f ${file} up -d`,
    `  3. npm start -- --service ${service}`,
  ].join('\n');
}
