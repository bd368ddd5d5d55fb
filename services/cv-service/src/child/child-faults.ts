import type { FaultRequest } from '@understudy/shared/contracts';
import type { Worker } from './fork-worker.ts';

export type ChildFault = Extract<FaultRequest['fault'], 'cv_crash' | 'cv_hang'>;

export const isChildFault = (fault: string): fault is ChildFault => fault === 'cv_crash' || fault === 'cv_hang';

/** Breaks the child as the world would. Each new child is hit again until the time is over, so that a restart budget can be spent. */
export interface ChildFaults {
  /** @param worker the child that runs now, if any */
  inject(fault: ChildFault, durationMs: number, worker: Worker | undefined): void;
  /** To be told of every new child. */
  onFork(worker: Worker): void;
  stop(): void;
}

export function createChildFaults(now: () => number): ChildFaults {
  let active: { readonly fault: ChildFault; readonly until: number } | undefined;
  const timers = new Set<NodeJS.Timeout>();

  function wakeLater(worker: Worker, afterMs: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      worker.signal('SIGCONT');
    }, afterMs);
    timers.add(timer.unref());
  }

  function hit(worker: Worker, fault: ChildFault, durationMs: number): void {
    if (fault === 'cv_crash') worker.signal('SIGKILL');
    else if (process.platform === 'win32') worker.send({ type: 'spin', durationMs });
    else {
      worker.signal('SIGSTOP');
      wakeLater(worker, durationMs);
    }
  }

  return {
    inject(fault, durationMs, worker) {
      active = { fault, until: now() + durationMs };
      // Whatever the clock says by now: the shortest fault hits as well.
      if (worker !== undefined) hit(worker, fault, durationMs);
    },
    onFork(worker) {
      const remainingMs = (active?.until ?? 0) - now();
      if (active !== undefined && remainingMs > 0) hit(worker, active.fault, remainingMs);
    },
    stop() {
      active = undefined;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
