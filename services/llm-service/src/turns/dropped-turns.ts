import { ServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import type { TurnAnswerer } from './answer-turn.ts';
import type { DropReason, PendingTurn } from './turn-queue.ts';

/** Turns given up within so long of each other are one crowd, reported once. */
const SAME_CROWD_MS = 10_000;

const REASONS: Readonly<Record<DropReason, string>> = {
  crowded:
    'more viewers speak than llm.turns lets in; its viewer got a short line. Raise llm.turns if the model keeps up',
  stale: 'its budget was spent before a place was free. Raise llm.turns.at_once or turn.budget_ms if that recurs',
};

/** What becomes of a turn that is not answered. */
export function createDroppedTurns(
  context: Pick<ServiceContext, 'clock' | 'reportError'>,
  excuse: TurnAnswerer['excuse'],
) {
  let crowd: { event: ReturnType<ServiceContext['reportError']>; lastAt: number } | undefined;
  return ({ input, ...turn }: PendingTurn, reason: DropReason): void => {
    const now = context.clock.now();
    if (crowd === undefined || now - crowd.lastAt > SAME_CROWD_MS) {
      const error = new ServiceError('TURN_DROPPED', `A turn was given up: ${REASONS[reason]}.`, {
        context: { reason },
      });
      crowd = { event: context.reportError(error, { turnId: input.turnId }), lastAt: now };
    }
    crowd.lastAt = now;
    if (reason === 'crowded') excuse({ input, ...turn }, crowd.event);
  };
}
