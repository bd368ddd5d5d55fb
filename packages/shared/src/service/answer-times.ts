import type { ReplySource } from '../contracts/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import type { Clock } from './clock.ts';

export interface AnswerTimes {
  /** A turn begins here. @param beganAt epoch ms: its input, or the end of the speech */
  begin(turnId: string, beganAt?: number): void;
  /** A sentence came; only the first of a turn that began here counts. */
  said(turnId: string, source: ReplySource): void;
  /** Nobody waits any longer; without a sentence it counts as unanswered. */
  end(turnId: string): void;
}

/** `understudy_answer_duration_seconds`, exactly once a turn, where the turn began. */
export function createAnswerTimes(metrics: Pick<Metrics, 'observe'>, clock: Pick<Clock, 'now'>): AnswerTimes {
  const open = new Map<string, number>();
  const observe = (turnId: string, source: ReplySource | 'none') => {
    const beganAt = open.get(turnId);
    if (beganAt === undefined) return;
    open.delete(turnId);
    metrics.observe('understudy_answer_duration_seconds', { source }, Math.max(0, clock.now() - beganAt) / 1000);
  };
  return {
    begin: (turnId, beganAt = clock.now()) => void open.set(turnId, beganAt),
    said: observe,
    end: (turnId) => observe(turnId, 'none'),
  };
}
