import type { Clock } from '@understudy/shared/service';

export interface Deadline {
  /** Aborted when the time is over, or when `outer` is. */
  readonly signal: AbortSignal;
  isOver(): boolean;
  /** Begins the time anew: for the next piece of a stream. */
  restart(): void;
  stop(): void;
}

/** A limit of time on a call that is ended by a signal. */
export function createDeadline(clock: Pick<Clock, 'after'>, ms: number, outer?: AbortSignal): Deadline {
  const over = new AbortController();
  let isOver = false;
  const run = () =>
    clock.after(ms, () => {
      isOver = true;
      end();
    });
  let cancel = run();
  const end = () => {
    cancel();
    over.abort();
  };
  outer?.addEventListener('abort', end);
  if (outer?.aborted) end();

  return {
    signal: over.signal,
    isOver: () => isOver,
    restart() {
      cancel();
      if (!over.signal.aborted) cancel = run();
    },
    stop() {
      cancel();
      outer?.removeEventListener('abort', end);
    },
  };
}
