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
export function createDeadline(clock: Clock, ms: number, outer?: AbortSignal): Deadline {
  const over = new AbortController();
  let timer = new AbortController();
  let isOver = false;
  const end = () => {
    timer.abort();
    over.abort();
  };
  outer?.addEventListener('abort', end);
  if (outer?.aborted) end();

  const run = (own: AbortController) => {
    clock.sleep(ms, own.signal).then(
      () => {
        isOver = true;
        end();
      },
      () => {},
    );
  };
  run(timer);

  const stop = () => timer.abort();
  return {
    signal: over.signal,
    isOver: () => isOver,
    restart() {
      stop();
      timer = new AbortController();
      run(timer);
    },
    stop() {
      stop();
      outer?.removeEventListener('abort', end);
    },
  };
}
