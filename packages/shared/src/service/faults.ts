import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inThisMode } from '../config/index.ts';
import { FAULTS, type FaultRequest, PROCESS_FAULTS, type ProcessFault, type ServiceName } from '../contracts/index.ts';
import type { Clock } from './clock.ts';
import type { ConfigHolder } from './config-holder.ts';

export interface FaultsOptions {
  readonly service: ServiceName;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly config: ConfigHolder;
  /** Share of its memory limit above which memory counts as exhausted, in bytes. */
  readonly memoryThresholdBytes: () => number;
  readonly reload: () => void;
  readonly crash: (reason: string) => void;
  readonly injectOwn: ((request: FaultRequest) => Promise<void>) | undefined;
}

const isProcessFault = (fault: string): fault is ProcessFault => (PROCESS_FAULTS as readonly string[]).includes(fault);
const MB = 1024 * 1024;

/** Faults on purpose. They act where the world would, never by setting a result. */
export function createFaults(options: FaultsOptions) {
  const { clock, signal, config } = options;
  const memoryFile = join(options.dataFolder, 'memory-fault.json');
  let ballast: Buffer[] = [];

  /** Really uses the memory, also after a restart within its time: what leaks once leaks again. */
  const exhaustMemory = async (until: number) => {
    mkdirSync(options.dataFolder, { recursive: true });
    writeFileSync(memoryFile, JSON.stringify({ until }));
    const goal = options.memoryThresholdBytes() * 1.15;
    while (process.memoryUsage.rss() < goal && ballast.length * 8 * MB < goal) ballast.push(Buffer.alloc(8 * MB, 1));
    await clock.sleep(Math.max(0, until - clock.now()), signal).catch(() => undefined);
    if (signal.aborted) return;
    ballast = [];
    rmSync(memoryFile, { force: true });
    globalThis.gc?.();
  };
  const breakConfiguration = async (durationMs: number) => {
    const file = join(options.dataFolder, 'broken.yaml');
    mkdirSync(options.dataFolder, { recursive: true });
    writeFileSync(file, 'logging:\n  levle: INFO\n');
    config.readFrom({ path: file, isNamed: true });
    options.reload();
    await clock.sleep(durationMs, signal).catch(() => undefined);
    config.readFrom(config.file);
    options.reload();
  };
  const processFaults: Record<ProcessFault, (request: FaultRequest) => void> = {
    event_loop_blocked: ({ durationMs }) => {
      setTimeout(() => {
        const end = clock.now() + durationMs;
        while (clock.now() < end);
      }, 10);
    },
    memory_exhaustion: ({ durationMs }) => void exhaustMemory(clock.now() + durationMs),
    configuration_invalid: ({ durationMs }) => void breakConfiguration(durationMs),
    crash: () => void setTimeout(() => options.crash('a crash on purpose'), 10),
  };

  const askSimulator = async (request: FaultRequest) => {
    if (config.simulated().length === 0)
      throw new Error(`every peer is real: nothing simulated can suffer ${request.fault}; break it by hand`);
    const { hosts, simulators } = config.current();
    const { control_port } = simulators;
    const response = await fetch(`http://${hosts.simulators}:${control_port}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(3000),
    }).catch((cause: unknown) => {
      throw new Error(inThisMode(`the simulators do not answer at port ${control_port}; start them with npm start`), {
        cause,
      });
    });
    if (!response.ok) throw new Error(`the simulators refused ${request.fault}: ${await response.text()}`);
  };

  return {
    /** After a restart: a memory fault whose time is not over. */
    resume() {
      try {
        const { until } = JSON.parse(readFileSync(memoryFile, 'utf8')) as { until: number };
        if (until > clock.now()) void exhaustMemory(until);
        else rmSync(memoryFile, { force: true });
      } catch {
        // No such file: no such fault.
      }
    },
    async inject(request: FaultRequest): Promise<void> {
      const { fault } = request;
      if (isProcessFault(fault)) return processFaults[fault](request);
      const row = FAULTS[fault];
      if (row.owner !== options.service) throw new Error(`${fault} belongs to ${row.owner}; send it there`);
      if (row.place === 'simulator') return askSimulator(request);
      if (!options.injectOwn)
        throw new Error(`${options.service} is parked or starting and cannot suffer ${fault} now`);
      return options.injectOwn(request);
    },
  };
}
export type Faults = ReturnType<typeof createFaults>;
