import { join } from 'node:path';
import type { ServiceName } from '@understudy/shared/contracts';
import type { Places } from '../places.ts';
import type { ProcessSpec } from '../supervise/keep-running.ts';
import { SERVICE_RESTARTS } from '../supervise/restart-delay.ts';
import { whenItSendsReady } from '../supervise/when-ready.ts';
import { NODE_FLAGS } from './node-flags.ts';
import { type ServiceSurroundings, serviceEnvironment } from './service-environment.ts';

export function serviceProcess(name: ServiceName, places: Places, surroundings: ServiceSurroundings): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: [...NODE_FLAGS, join(places.root, 'services', name, 'src', 'main.ts')],
    env: { ...process.env, ...serviceEnvironment(name, places, surroundings) },
    // A relative path in the configuration (a folder of WAV files, a key's file) means: from the checkout.
    cwd: places.root,
    ipc: true,
    whenReady: whenItSendsReady,
    askToEnd: (running) => running.send({ type: 'drain' }),
    restarts: SERVICE_RESTARTS,
  };
}
