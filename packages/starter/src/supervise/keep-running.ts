import { EXIT_BAD_CONFIGURATION } from '@understudy/shared/config';
import type { Clock } from '@understudy/shared/service';
import { describeEnd } from './describe-end.ts';
import { launchProcess, type ProcessCommand, type ProcessEnd, type RunningProcess } from './launch-process.ts';
import type { ProcessState } from './process-state.ts';
import { type RestartPolicy, restartDelayMs } from './restart-delay.ts';

export interface ProcessSpec extends ProcessCommand {
  readonly name: string;
  /** Resolves when it serves. Rejects when it does not in time, or with the signal's reason: then it stays `starting`. */
  readonly whenReady: (running: RunningProcess, signal: AbortSignal) => Promise<void>;
  /** How it is asked to end. Windows has no SIGTERM, so our own are asked over IPC. */
  readonly askToEnd: (running: RunningProcess) => void;
  readonly restarts: RestartPolicy;
}

export interface KeptProcess {
  readonly name: string;
  state(): ProcessState;
  /** Resolves at the first `ready`, `refused` or `stopped`; rejects when it is not ready in time, or has ended three times before. */
  readonly started: Promise<ProcessState>;
  kill(signal: NodeJS.Signals): void;
  /** Kills it and starts it again only after `durationMs`; the later of two overlapping holds counts. */
  holdDown(durationMs: number): void;
  /** Asks it to end, and ends it after `limitMs`. Idempotent. */
  stop(limitMs: number): Promise<void>;
}

export interface KeepOptions {
  readonly clock: Clock;
  readonly onState: (state: ProcessState) => void;
  /** Told each process id, so that the next start can end what this one leaves behind. */
  readonly onPid: (pid: number | undefined) => void;
  readonly onLine?: (line: string) => void;
}

/** Once may be bad luck; who waits for the first start is told after so many. It is kept being started nevertheless. */
const ENDS_THAT_TELL = 3;

/** Starts a process, and starts it again with backoff whenever it ends, until it is stopped or refuses its configuration. */
export function keepRunning(spec: ProcessSpec, { clock, onState, onPid, onLine }: KeepOptions): KeptProcess {
  const stopping = new AbortController();
  const started = Promise.withResolvers<ProcessState>();
  started.promise.catch(() => {});
  let current: ProcessState = { state: 'starting', pid: undefined };
  let running: RunningProcess | undefined;
  let heldUntil = 0;

  const enter = (state: ProcessState) => {
    current = state;
    onState(state);
    if (state.state === 'ready' || state.state === 'refused' || state.state === 'stopped') started.resolve(state);
  };

  const runOnce = async (): Promise<ProcessEnd> => {
    const process = launchProcess(spec);
    running = process;
    onPid(process.pid);
    if (onLine) process.onLine(onLine);
    enter({ state: 'starting', pid: process.pid });
    const over = new AbortController();
    void spec.whenReady(process, over.signal).then(
      () => void (running === process && !stopping.signal.aborted && enter({ state: 'ready', pid: process.pid })),
      (error: unknown) => void (running === process && started.reject(error)),
    );
    const end = await process.ended;
    running = undefined;
    over.abort(new Error(`${spec.name} ended`));
    onPid(undefined);
    return end;
  };

  /** Told even when the restart comes at once: an end is worth a line. And once, unless it is held down for longer meanwhile. */
  const wait = async (end: ProcessEnd, delayMs: number) => {
    let startsAt = Math.max(clock.now() + delayMs, heldUntil);
    for (;;) {
      const left = Math.max(0, startsAt - clock.now());
      enter({ state: 'waiting', delayMs: Math.round(left), why: describeEnd(end) });
      await clock.sleep(left, stopping.signal);
      if (heldUntil <= startsAt) return;
      startsAt = heldUntil;
    }
  };

  const keep = async () => {
    let endsInARow = 0;
    while (!stopping.signal.aborted) {
      const startedAt = clock.now();
      const end = await runOnce();
      if (stopping.signal.aborted) break;
      if (end.code === EXIT_BAD_CONFIGURATION) {
        enter({ state: 'refused', why: end.lastLines.join('\n') || describeEnd(end) });
        return;
      }
      const isHeld = heldUntil > clock.now();
      if (clock.now() - startedAt >= spec.restarts.stableAfterMs) endsInARow = 0;
      const delayMs = isHeld ? 0 : restartDelayMs(spec.restarts, endsInARow);
      if (!isHeld) endsInARow += 1;
      if (endsInARow === ENDS_THAT_TELL) started.reject(new Error(`it ended ${endsInARow} times: ${describeEnd(end)}`));
      await wait(end, delayMs).catch(() => {});
    }
    enter({ state: 'stopped' });
  };
  const kept = keep();

  return {
    name: spec.name,
    state: () => current,
    started: started.promise,
    kill: (signal) => running?.kill(signal),
    holdDown(durationMs) {
      heldUntil = Math.max(heldUntil, clock.now() + durationMs);
      running?.kill('SIGKILL');
    },
    async stop(limitMs) {
      stopping.abort(new Error('stopping'));
      const process = running;
      if (process) {
        spec.askToEnd(process);
        const patience = new AbortController();
        const overdue = clock.sleep(limitMs, patience.signal).then(
          () => process.kill('SIGKILL'),
          () => {},
        );
        await process.ended;
        patience.abort();
        await overdue;
      }
      await kept;
    },
  };
}
