import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { hostEnvironmentFile } from '@understudy/cli';
import { SUPERVISED_SERVICES, type SupervisedService } from '@understudy/shared/contracts';
import { monotonicClock } from '@understudy/shared/service';
import { NODE_FLAGS } from '../services/node-flags.ts';
import type { ConsoleFormat } from '../services/service-environment.ts';
import { StartRefusedError } from '../start-refused-error.ts';
import { createProcessGroup } from '../supervise/process-group.ts';
import { SERVICE_RESTARTS } from '../supervise/restart-delay.ts';
import { whenItSendsReady } from '../supervise/when-ready.ts';
import { createStartTeller } from '../terminal/start-teller.ts';
import { stopOnSignals } from '../terminal/stop-on-signals.ts';

const isSupervised = (name: string): name is SupervisedService =>
  SUPERVISED_SERVICES.some((service) => service === name);

function readHostEnvironment(root: string, service: string): NodeJS.ProcessEnv {
  if (!isSupervised(service))
    throw new StartRefusedError(`--service=${service} is not one of ${SUPERVISED_SERVICES.join(', ')}`, 2);
  const file = hostEnvironmentFile(root, service);
  if (!existsSync(file))
    throw new StartRefusedError(`${file} is not there; run npx understudy host-env ${service} first`, 1);
  return parseEnv(readFileSync(file, 'utf8')) as NodeJS.ProcessEnv;
}

/**
 * One service on this machine beside the Compose stack (a microphone, a camera that Docker cannot reach), kept running until Ctrl-C.
 * @returns the exit code. @throws StartRefusedError
 */
export async function runHostService(
  root: string,
  service: string,
  console: ConsoleFormat,
  output: { write(text: string): unknown },
): Promise<number> {
  const environment = readHostEnvironment(root, service);
  const lineOf = createStartTeller();
  const say = (line: string | undefined): void => void (line !== undefined && output.write(`${line}\n`));
  const group = createProcessGroup({
    clock: monotonicClock,
    runFolder: join(root, '.understudy', 'host', 'run'),
    onState: (name, state) => say(lineOf({ type: 'process', name, state })),
    onLine: (name, line) => console !== 'off' && say(lineOf({ type: 'output', name, line })),
  });
  const stopped = Promise.withResolvers<void>();
  stopOnSignals((how) => {
    if (how === 'now') group.killAll();
    void group.stop().then(stopped.resolve, stopped.reject);
  });
  await group.start({
    name: service,
    command: process.execPath,
    args: [...NODE_FLAGS, join(root, 'services', service, 'src', 'main.ts')],
    env: { ...process.env, ...environment, UNDERSTUDY_CONSOLE: console },
    cwd: root,
    ipc: true,
    whenReady: whenItSendsReady,
    askToEnd: (running) => running.send({ type: 'drain' }),
    restarts: SERVICE_RESTARTS,
  });
  await stopped.promise;
  return 0;
}
