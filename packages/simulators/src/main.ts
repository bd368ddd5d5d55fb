import { readFileSync } from 'node:fs';
import { namesSimulators, readSimulatorsConfig, SimulatorsConfigError } from './simulators-config.ts';
import { PortUnavailableError } from './sockets/port-unavailable-error.ts';
import { startSimulators } from './start-simulators.ts';

// node src/main.ts ['{"control":{"port":8790},...}'] : the JSON may also be in UNDERSTUDY_SIMULATORS, or in the file that
// UNDERSTUDY_SIMULATORS_FILE names. One that names no simulator (every peer is real) ends it at once, with 0.
// Prints one line of JSON when all listen. SIGTERM, SIGINT or the end of the IPC channel end it.

const EXIT_CONFIG = 78;
const EXIT_FAILED = 1;

const readJson = (): string | undefined => {
  const { UNDERSTUDY_SIMULATORS: json, UNDERSTUDY_SIMULATORS_FILE: file } = process.env;
  return process.argv[2] ?? (file ? readFileSync(file, 'utf8') : json);
};
const starting = Promise.try(() => {
  const config = readSimulatorsConfig(readJson());
  if (namesSimulators(config)) return startSimulators(config);
  console.log('Every peer is real: nothing is simulated.');
  return process.exit(0);
});
const end = async (): Promise<void> => {
  const simulators = await starting;
  await simulators.close();
  process.exit(0);
};
// Before anything listens: whoever started this may be gone before it is ready.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
if (process.channel) process.once('disconnect', end);

try {
  const { addresses } = await starting;
  console.log(JSON.stringify({ ready: true, ...addresses }));
} catch (error) {
  const foreseen = error instanceof PortUnavailableError || error instanceof SimulatorsConfigError;
  console.error(foreseen ? error.message : error);
  process.exit(error instanceof SimulatorsConfigError ? EXIT_CONFIG : EXIT_FAILED);
}
