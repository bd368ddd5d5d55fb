import { START_ORDER } from '@understudy/shared/contracts';
import { monotonicClock } from '@understudy/shared/service';
import { createStarterApp, type ServerFault } from './http/starter-app.ts';
import { runFolderOf, stateFolderOf } from './places.ts';
import { type PreparedStart, prepareStart } from './prepare-start.ts';
import { reportParts } from './report-parts.ts';
import { lastNatsLines, natsProcess, natsUrl } from './servers/nats-process.ts';
import { redisProcess, writeRedisUrl } from './servers/redis-process.ts';
import type { ServiceSurroundings } from './services/service-environment.ts';
import { serviceProcess } from './services/service-process.ts';
import { simulatorsProcess } from './simulators/simulators-process.ts';
import type { StartOptions, StartReport, Understudy } from './start-options.ts';
import { StartRefusedError } from './start-refused-error.ts';
import type { ProcessSpec } from './supervise/keep-running.ts';
import { createProcessGroup, type ProcessGroup } from './supervise/process-group.ts';

const SERVER_OF: Record<ServerFault, string> = { nats_down: 'nats', redis_down: 'redis' };

/**
 * Starts NATS, Redis, the simulators of what is not named, and the services, in this order, each after the one before serves; keeps them
 * running until `stop`. Returns at once; `ready` tells when all have been started.
 */
export function startUnderstudy(options: StartOptions): Understudy {
  const emit = options.onEvent ?? (() => {});
  const note = (text: string) => emit({ type: 'note', text });
  const group = createProcessGroup({
    clock: monotonicClock,
    runFolder: runFolderOf(stateFolderOf(options)),
    onState: (name, state) => emit({ type: 'process', name, state }),
    onLine: (name, line) => emit({ type: 'output', name, line }),
  });
  const releases: (() => void | Promise<void>)[] = [];
  let prepared: PreparedStart | undefined;
  let stopped: Promise<void> | undefined;

  const report = (): StartReport => ({
    parts: prepared ? reportParts(prepared.config, group.all()) : [],
    simulated: prepared?.simulated ?? [],
  });
  const injectServerFault = (fault: ServerFault, durationMs: number) => {
    const server = group.get(SERVER_OF[fault]);
    if (!server) throw new Error(`this start has no ${SERVER_OF[fault]} that could go down`);
    note(`fault on purpose: ${SERVER_OF[fault]} is down for ${durationMs / 1000} s`);
    server.holdDown(durationMs);
  };
  const start = async (): Promise<StartReport> => {
    const ready = await prepareStart(options, note);
    prepared = ready;
    releases.push(ready.claim.release);
    const app = await createStarterApp({
      http: ready.config.http,
      token: ready.token,
      faults: options.faults ?? false,
      notReady: () => (stopped ? 'the starter is stopping' : undefined),
      injectFault: injectServerFault,
    });
    await app.listen({ host: ready.config.http.host, port: ready.config.http.ports.starter });
    releases.push(() => app.close());
    note('starting the servers, the simulators and the services, one after the other');
    await startParts(ready, group, options);
    if (stopped) throw new StartRefusedError('The start was stopped.', 0);
    return report();
  };
  const begun = start();
  /** What the start is holding is known only when it is over; a stop in its middle must not miss any of it. */
  const endAll = async () => {
    await group.stop();
    await begun.catch(() => {});
    for (const release of releases.reverse()) await release();
  };
  const stop = (how: 'drained' | 'now' = 'drained'): Promise<void> => {
    stopped ??= endAll();
    if (how === 'now') group.killAll();
    return stopped;
  };
  const ready = begun.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  ready.catch(() => {});
  return {
    ready,
    report,
    pids: group.pids,
    kill(part, signal = 'SIGKILL') {
      const pid = group.pids()[part];
      if (pid === undefined) throw new Error(`${part} does not run; these do: ${Object.keys(group.pids()).join(', ')}`);
      process.kill(pid, signal);
    },
    injectServerFault,
    stop,
  };
}

async function startParts(ready: PreparedStart, group: ProcessGroup, options: StartOptions): Promise<void> {
  const { config, simulated, places, nats, redis } = ready;
  await startServer(group, natsProcess(nats.path, config, places), () => lastNatsLines(places));
  if (redis) await startServer(group, redisProcess(redis.path, config, places), () => '');
  if (simulated.length > 0) await startOrKeep(group, simulatorsProcess(config, simulated, places), options);
  const surroundings: ServiceSurroundings = {
    natsUrl: natsUrl(config),
    redisUrlFile: redis ? writeRedisUrl(config, places) : undefined,
    faults: options.faults ?? false,
    console: options.console ?? 'off',
  };
  for (const name of START_ORDER) await startOrKeep(group, serviceProcess(name, places, surroundings), options);
}

/** Without a server at the first start there is nothing to run on. */
async function startServer(group: ProcessGroup, spec: ProcessSpec, lastWords: () => string): Promise<void> {
  try {
    await group.start(spec);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartRefusedError([`${spec.name} does not start: ${reason}`, lastWords()].filter(Boolean).join('\n'), 1, {
      cause: error,
    });
  }
}

/** A part that is late does not stop the others: the bot lives without it, and it is kept being started. */
async function startOrKeep(group: ProcessGroup, spec: ProcessSpec, { onEvent }: StartOptions): Promise<void> {
  try {
    await group.start(spec);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onEvent?.({ type: 'note', text: `${spec.name} is not ready yet: ${reason}` });
  }
}
