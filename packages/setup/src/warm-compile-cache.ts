import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@understudy/shared/contracts';

// Fills NODE_COMPILE_CACHE with V8's code of what each process of the stack loads (Dockerfile). Starts nothing. One TypeScript file that is
// missing here costs its thread 11 MB: the program that strips types is then loaded for it.

const ROOT = join(import.meta.dirname, '..', '..', '..');
const MODULES = [
  ...SERVICE_NAMES.map((service) => `services/${service}/src/app.ts`),
  'packages/shared/src/telemetry/recorded-spans.ts',
  'services/cv-service/src/child/look-worker.ts',
  'packages/simulators/src/start-simulators.ts',
  'packages/cli/src/run-cli.ts',
  'packages/setup/src/run-setup.ts',
];
/** Refuse to start with the environment that they get here, and have been loaded by then. */
const PROGRAMS = [
  ...SERVICE_NAMES.map((service) => `services/${service}/src/main.ts`),
  'packages/simulators/src/main.ts',
  // Without its data.
  'packages/shared/src/service/watchdog-worker.ts',
];
const LIMIT_MS = 60_000;

for (const module of MODULES) await import(join(ROOT, module));
for (const program of PROGRAMS) {
  const { status, signal } = spawnSync(process.execPath, ['--no-warnings', join(ROOT, program), '{'], {
    env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    stdio: 'ignore',
    timeout: LIMIT_MS,
  });
  if (status === 0 || signal !== null)
    throw new Error(`${program} was to refuse its start; it ended with ${status ?? signal}`);
}
// What they opened while loading (nothing should be) must not keep the build waiting.
process.exit(0);
