import { HEARING_RATE_HZ } from '../audio/frame-cutter.ts';

export interface DriftLimits {
  /** How far the clock may be off. */
  readonly share: number;
  /** Milliseconds that are looked at. */
  readonly forMs: number;
}

export type DriftVerdict =
  | { readonly state: 'unknown' }
  /** `ratio`: sound per time, less one: -0.08 is 8 % too little. */
  | { readonly state: 'steady' | 'drifting'; readonly ratio: number };

export interface DriftJudge {
  /** @param count samples at 16 kHz that arrived @param now epoch ms */
  push(count: number, now: number): void;
  verdict(): DriftVerdict;
}

const MARKS = 30;
/** A speed is taken between marks so far apart: a sixth of the window. */
const SPAN = 5;

/**
 * The median of the speeds over a sixth of the window each: a pause that is made good in a burst, a gap, or a step of the system's clock
 * touches a few of them and does not move it; a wrong rate moves all.
 */
export function createDriftJudge(limits: () => DriftLimits): DriftJudge {
  let marks: { readonly at: number; readonly total: number }[] = [];
  let total = 0;
  let verdict: DriftVerdict = { state: 'unknown' };

  const judge = () => {
    if (marks.length <= MARKS) return;
    const speeds = marks.slice(SPAN).flatMap((mark, index) => {
      const before = marks[index];
      const ms = before === undefined ? 0 : mark.at - before.at;
      return before === undefined || ms <= 0 ? [] : [(mark.total - before.total) / ((ms * HEARING_RATE_HZ) / 1000)];
    });
    const median = speeds.sort((a, b) => a - b)[Math.floor(speeds.length / 2)];
    if (median === undefined) return;
    verdict = { state: Math.abs(median - 1) > limits().share ? 'drifting' : 'steady', ratio: median - 1 };
  };

  return {
    push(count, now) {
      total += count;
      const last = marks.at(-1);
      if (last !== undefined && now < last.at) marks = [];
      else if (last !== undefined && now - last.at < limits().forMs / MARKS) return;
      marks = [...marks.slice(-MARKS), { at: now, total }];
      judge();
    },
    verdict: () => verdict,
  };
}
