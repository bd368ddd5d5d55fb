import type { Expression, ExpressionParameters } from '@understudy/shared/config';
import type { SteadyNow } from '../steady-time.ts';
import type { EverSetFile } from './ever-set-file.ts';
import { type ExpressionStep, endValues, stepsOf } from './expression-steps.ts';

export interface ExpressionPlayerParts {
  readonly now: SteadyNow;
  readonly expressions: () => Readonly<Record<string, Expression>>;
  readonly want: (values: ExpressionParameters) => void;
  /** Nothing that was wanted waits any more: a step's time begins when VRChat was told of it. */
  readonly isSent: () => boolean;
  readonly everSet: EverSetFile;
  readonly count: (result: 'played' | 'replaced' | 'unknown') => void;
}

/** Plays `vrchat.expressions`; the newest wins, and none leaves a parameter half-way. */
export interface ExpressionPlayer {
  /** One that plays already goes on. @returns whether there is such an expression */
  play(name: string): boolean;
  beat(): void;
  /** Cut short: what it has set is set to where its last step leaves it. */
  settle(): void;
  isIdle(): boolean;
}

interface Playing {
  readonly name: string;
  readonly steps: readonly ExpressionStep[];
  /** How many steps were set so far; the one before is on now. */
  readonly played: number;
  /** Since when the present step is told; undefined: not yet. */
  readonly shownAt: number | undefined;
}

export function createExpressionPlayer(parts: ExpressionPlayerParts): ExpressionPlayer {
  const { now, expressions, want, isSent, everSet, count } = parts;
  let playing: Playing | undefined;
  // A process that ended in the middle could not settle: its successor does.
  want(everSet.read());

  const settle = (): void => {
    if (!playing) return;
    want(endValues(playing.steps, playing.played));
    playing = undefined;
  };
  const setNext = ({ name, steps, played }: Playing): void => {
    const step = steps[played];
    if (step) want(step.set);
    // Behind the last step nothing is due.
    playing = played + 1 < steps.length ? { name, steps, played: played + 1, shownAt: undefined } : undefined;
  };

  return {
    play(name) {
      const expression = Object.hasOwn(expressions(), name) ? expressions()[name] : undefined;
      if (!expression) {
        count('unknown');
        return false;
      }
      if (playing?.name === name) return true;
      if (playing) count('replaced');
      settle();
      const steps = stepsOf(expression);
      if (steps.length > 1) everSet.add(endValues(steps));
      setNext({ name, steps, played: 0, shownAt: undefined });
      count('played');
      return true;
    },
    beat() {
      if (!playing || !isSent()) return;
      const at = now();
      playing = { ...playing, shownAt: playing.shownAt ?? at };
      const current = playing.steps[playing.played - 1];
      if (at - (playing.shownAt ?? at) >= (current?.forMs ?? 0)) setNext(playing);
    },
    settle,
    isIdle: () => playing === undefined,
  };
}
