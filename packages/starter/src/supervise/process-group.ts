import type { Clock } from '@understudy/shared/service';
import { recordProcess } from '../run-record/process-records.ts';
import { type KeptProcess, keepRunning, type ProcessSpec } from './keep-running.ts';
import type { ProcessState } from './process-state.ts';

/** A part that drains longer is ended: the skeleton's own limit is 8 s. */
const DRAIN_LIMIT_MS = 10_000;

export interface ProcessGroupOptions {
  readonly clock: Clock;
  /** Folder of the process records. */
  readonly runFolder: string;
  readonly onState: (name: string, state: ProcessState) => void;
  readonly onLine: (name: string, line: string) => void;
}

export interface ProcessGroup {
  /** Starts it after those before; resolves when it serves, refuses, or rejects when it does not serve in time (and is kept). */
  start(spec: ProcessSpec): Promise<ProcessState>;
  get(name: string): KeptProcess | undefined;
  all(): readonly KeptProcess[];
  pids(): Record<string, number>;
  /** In reverse order, each drained before the one that it needs. */
  stop(): Promise<void>;
  /** Nobody is asked. */
  killAll(): void;
}

/** The processes of one start, in their order. */
export function createProcessGroup({ clock, runFolder, onState, onLine }: ProcessGroupOptions): ProcessGroup {
  const kept: KeptProcess[] = [];
  let stopping: Promise<void> | undefined;
  const stopInReverse = async () => {
    for (const part of kept.toReversed()) await part.stop(DRAIN_LIMIT_MS);
  };
  return {
    start(spec) {
      if (stopping) return Promise.resolve({ state: 'stopped' });
      const part = keepRunning(spec, {
        clock,
        onState: (state) => onState(spec.name, state),
        onPid: (pid) => recordProcess(runFolder, spec.name, pid),
        onLine: (line) => onLine(spec.name, line),
      });
      kept.push(part);
      return part.started;
    },
    get: (name) => kept.find((part) => part.name === name),
    all: () => kept,
    pids: () => Object.fromEntries(kept.flatMap((part) => pidOf(part))),
    stop() {
      stopping ??= stopInReverse();
      return stopping;
    },
    killAll() {
      for (const part of kept) {
        part.kill('SIGKILL');
        // Else its end would look like a crash to whoever keeps it running.
        void part.stop(0);
      }
    },
  };
}

function pidOf(part: KeptProcess): [string, number][] {
  const state = part.state();
  const pid = state.state === 'starting' || state.state === 'ready' ? state.pid : undefined;
  return pid === undefined ? [] : [[part.name, pid]];
}
