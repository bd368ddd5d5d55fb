import type { ErrorResponse, Mode, Reply } from '@understudy/shared/contracts';
import type { ServiceContext } from '@understudy/shared/service';
import { type RungName, sourceOf } from '../ladder/rungs.ts';
import type { ThinkObservation } from '../ladder/think-status.ts';
import { emotionOf } from '../reply/emotion.ts';
import type { PendingTurn } from './turn-queue.ts';

type Surroundings = Pick<ServiceContext, 'clock' | 'observed' | 'solveMode'>;

export interface Sentence {
  readonly text: string;
  /** The rung that said it. */
  readonly rung: RungName;
  /** What `think` is worth by it. */
  readonly think: ThinkObservation;
  readonly final: boolean;
  readonly errors: readonly ErrorResponse[];
}

/** Gives the sentences of one turn their numbers and sends them off. */
export function createReplyWriter(context: Surroundings, turn: PendingTurn, send: (reply: Reply) => void) {
  let seq = 0;
  return (sentence: Sentence): Mode => {
    const { text, rung, think, final, errors } = sentence;
    const observed = { ...context.observed(), think };
    const { mode } = context.solveMode(observed);
    send({
      turnId: turn.input.turnId,
      seq,
      final,
      budgetMs: Math.max(0, turn.endsAt - context.clock.now()),
      text,
      source: sourceOf(rung),
      by: rung,
      emotion: emotionOf(text),
      mode,
      fallbackUsed: think.level !== 'full' || sourceOf(rung) !== 'provider',
      cachedResponseUsed: rung === 'cache',
      errors: [...errors],
      observed,
    });
    seq += 1;
    return mode;
  };
}
