import type { Expression, ExpressionParameters } from '@understudy/shared/config';

export interface ExpressionStep {
  readonly set: ExpressionParameters;
  /** Milliseconds until the next step; of the last one it means nothing. */
  readonly forMs: number;
}

/** An expression without steps is one step. */
export const stepsOf = (expression: Expression): readonly ExpressionStep[] =>
  Array.isArray(expression)
    ? expression.map(({ set, for_ms }) => ({ set, forMs: for_ms }))
    : [{ set: expression, forMs: 0 }];

/**
 * Where the parameters of the first `played` steps stand when the whole expression is over: what an expression that is cut
 * short must leave behind, or a hand stays raised.
 */
export function endValues(steps: readonly ExpressionStep[], played = steps.length): ExpressionParameters {
  const touched = new Set(steps.slice(0, played).flatMap(({ set }) => Object.keys(set)));
  const last: ExpressionParameters = Object.assign({}, ...steps.map(({ set }) => set));
  return Object.fromEntries(Object.entries(last).filter(([name]) => touched.has(name)));
}
