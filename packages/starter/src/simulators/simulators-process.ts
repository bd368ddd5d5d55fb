import { join } from 'node:path';
import { type Peer, type ResolvedConfig, simulatorPlan } from '@understudy/shared/config';
import type { Places } from '../places.ts';
import { serverEnvironment } from '../servers/server-environment.ts';
import { NODE_FLAGS } from '../services/node-flags.ts';
import type { ProcessSpec } from '../supervise/keep-running.ts';
import { SERVICE_RESTARTS } from '../supervise/restart-delay.ts';
import { whenItPrintsReady } from '../supervise/when-ready.ts';

/** One process that stands in for every peer which the configuration does not name. */
export function simulatorsProcess(config: ResolvedConfig, simulated: readonly Peer[], places: Places): ProcessSpec {
  return {
    name: 'simulators',
    command: process.execPath,
    args: [...NODE_FLAGS, join(places.root, 'packages', 'simulators', 'src', 'main.ts')],
    env: {
      ...serverEnvironment(process.env),
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(places.root, '.understudy', 'compile-cache'),
      UNDERSTUDY_SIMULATORS: JSON.stringify(simulatorPlan(config, simulated)),
    },
    cwd: places.root,
    ipc: true,
    whenReady: whenItPrintsReady,
    askToEnd: (running) => running.disconnect(),
    restarts: SERVICE_RESTARTS,
  };
}
