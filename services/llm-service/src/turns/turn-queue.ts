import type { TurnInput } from '@understudy/shared/contracts';
import type { TraceHeaders } from '@understudy/shared/telemetry';
import { bulkhead, isBulkheadRejectedError, isTaskCancelledError } from 'cockatiel';
import { createSeenTurns } from './seen-turns.ts';

/** A turn on its way to an answer. */
export interface PendingTurn {
  readonly input: TurnInput;
  /** Of the message that brought it; absent: the active span. */
  readonly trace: TraceHeaders | undefined;
  /** When its budget is spent; epoch ms of this machine's clock. */
  readonly endsAt: number;
  /** Aborted: nobody wants the answer any more. */
  readonly signal: AbortSignal;
}

/** `crowded`: a newer turn took its place, and its viewer still waits. `stale`: its budget is spent, whoever asked has gone on. */
export type DropReason = 'crowded' | 'stale';

export interface TurnQueueOptions {
  readonly atOnce: number;
  readonly waiting: number;
  readonly now: () => number;
  readonly answer: (turn: PendingTurn) => Promise<void>;
  readonly drop: (turn: PendingTurn, reason: DropReason) => void;
}

/** Whoever asked speaks again. */
class TurnInterruptedError extends Error {
  override readonly name = 'TurnInterruptedError';
}

/** Less is no answer. */
const LEAST_BUDGET_MS = 50;
/** Places in cockatiel's own queue: turns that were given up keep theirs until it comes to them. */
const QUEUE_PLACES = 64;

/**
 * Each turn once; a few side by side, a few waiting. One more, and the one that waits longest is given up: its answer would come
 * last and be the least of use.
 */
export function createTurnQueue({ atOnce, waiting, now, answer, drop }: TurnQueueOptions) {
  const places = bulkhead(atOnce, waiting + QUEUE_PLACES);
  const seen = createSeenTurns();
  const queue = new Map<PendingTurn, AbortController>();
  const idleListeners = new Set<() => void>();
  const active = new Set<PendingTurn>();
  /** Of every turn that is not over, be it answered or waiting. */
  const stops = new Map<PendingTurn, AbortController>();

  const isIdle = () => active.size === 0 && queue.size === 0;
  const tellIfIdle = () => {
    if (!isIdle()) return;
    for (const listener of idleListeners) listener();
    idleListeners.clear();
  };
  const begin = async (turn: PendingTurn) => {
    queue.delete(turn);
    if (turn.endsAt - now() < LEAST_BUDGET_MS) return drop(turn, 'stale');
    active.add(turn);
    try {
      await answer(turn);
    } finally {
      active.delete(turn);
    }
  };
  const giveUpOldest = () => {
    for (const [turn, given] of queue) {
      if (queue.size <= waiting) return;
      queue.delete(turn);
      given.abort();
      drop(turn, turn.endsAt - now() < LEAST_BUDGET_MS ? 'stale' : 'crowded');
    }
  };

  return {
    /** @returns when the turn has been answered or given up; at once for a partial utterance and for a turn that was seen before */
    async accept(input: TurnInput, trace?: TraceHeaders): Promise<'done' | 'ignored'> {
      if (!input.final || !seen.isNew(input.turnId)) return 'ignored';
      const stop = new AbortController();
      const turn: PendingTurn = { input, trace, endsAt: now() + input.budgetMs, signal: stop.signal };
      const given = new AbortController();
      queue.set(turn, given);
      stops.set(turn, stop);
      const givenUp = new Promise<void>((resolve) =>
        given.signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      const done = places.execute(() => begin(turn), given.signal);
      giveUpOldest();
      try {
        await Promise.race([done, givenUp]);
      } catch (error) {
        if (!isBulkheadRejectedError(error) && !isTaskCancelledError(error)) throw error;
        if (queue.delete(turn)) drop(turn, 'crowded');
      } finally {
        stops.delete(turn);
        tellIfIdle();
      }
      return 'done';
    },
    /** Ends answers that nobody wants any more; one that still waits ends with its turn, lest whoever collects it waits for ever. */
    interrupt(isUnwanted: (input: TurnInput) => boolean): void {
      for (const [{ input }, stop] of stops) if (isUnwanted(input)) stop.abort(new TurnInterruptedError());
    },
    /** Resolves between turns; at once when none is under way. */
    async idle(signal?: AbortSignal): Promise<void> {
      if (isIdle() || signal?.aborted) return;
      await new Promise<void>((resolve) => {
        idleListeners.add(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    isIdle,
    waiting: () => queue.size,
  };
}
export type TurnQueue = ReturnType<typeof createTurnQueue>;
