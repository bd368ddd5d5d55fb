import { url as inspectorUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { createWatchdogMemory, createWatchdogWriter } from './watchdog-memory.ts';
import type { WatchdogWorkerData } from './watchdog-worker.ts';

export { takeWatchdogReport, type WatchdogReport } from './watchdog-report.ts';

export interface WatchdogOptions {
  /** Milliseconds without progress of the event loop after which the process is ended. */
  readonly thresholdMs?: number;
  /** Milliseconds to wait for the main thread's stack; native code never gives one. */
  readonly stackTimeoutMs?: number;
  readonly service: string;
  /** File that the next start reads with `takeWatchdogReport`. */
  readonly report: string;
  /** The watchdog itself failed: from now on nothing ends a blocked process. */
  readonly onFailure?: (error: Error) => void;
}

export interface Watchdog {
  /** Names what the main thread does from now on, for the case that no stack can be taken. Empty: nothing special. */
  operation(name: string): void;
  stop(): Promise<void>;
}

const THRESHOLD_MS = 1000;
/** A stack takes 16-19 ms on an idle machine. */
const STACK_TIMEOUT_MS = 200;
/** Looks and beats in one threshold: the process dies at most a fifth late, and both threads rest between them. */
const LOOKS_PER_THRESHOLD = 5;

/** A worker of a few small files: far below Node's defaults, next to a game every megabyte counts. */
const WORKER_MEMORY = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };

/** A person at a breakpoint is no blocked event loop. */
const IDLE: Watchdog = { operation: () => {}, stop: async () => {} };

/**
 * A worker thread that outlives a blocked event loop: it reports where the main thread is stuck (file and stderr) and
 * kills the process, so that whoever started it starts it again. Does nothing while an inspector is open.
 * In a container it needs `init: true`: process 1 ignores the kill.
 */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  if (inspectorUrl() !== undefined) return IDLE;
  const {
    thresholdMs = THRESHOLD_MS,
    stackTimeoutMs = STACK_TIMEOUT_MS,
    service,
    report,
    onFailure = () => {},
  } = options;
  const pollMs = thresholdMs / LOOKS_PER_THRESHOLD;
  const memory = createWatchdogMemory();
  const writer = createWatchdogWriter(memory);
  const workerData: WatchdogWorkerData = { memory, thresholdMs, pollMs, stackTimeoutMs, service, report };
  // `execArgv`: without it the worker would run the process's own `--import` preload, the tracing, once more.
  const worker = new Worker(new URL('./watchdog-worker.ts', import.meta.url), {
    workerData,
    execArgv: [],
    resourceLimits: WORKER_MEMORY,
  });
  worker.unref();
  worker.on('error', (error) => onFailure(error instanceof Error ? error : new Error(String(error))));
  // The first beat arms the watchdog: once the event loop turns, not while the start still loads modules.
  setImmediate(() => writer.beat()).unref();
  const beats = setInterval(() => writer.beat(), pollMs).unref();

  return {
    operation: (name) => writer.operation(name),
    async stop() {
      clearInterval(beats);
      await worker.terminate();
    },
  };
}
