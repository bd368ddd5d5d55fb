import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  readonly metric: string;
  /** Labels that its matchers name. */
  readonly labels: readonly string[];
}

export interface ReadExpression {
  readonly selectors: readonly Selector[];
  /** Labels by which is grouped or matched. */
  readonly grouping: readonly string[];
  /** Whether the whole of it is PromQL. */
  readonly isValid: boolean;
}

/** What a PromQL expression asks for. */
export function readPromql(expr: string): ReadExpression {
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  let isValid = true;
  let inGrouping = false;
  parser.parse(expr).iterate({
    enter(node) {
      const text = expr.slice(node.from, node.to);
      if (node.type.isError) isValid = false;
      if (node.name === 'VectorSelector') selectors.push({ metric: '', labels: [] });
      if (node.name === 'GroupingLabels') inGrouping = true;
      const last = selectors.at(-1);
      if (node.name === 'Identifier' && last !== undefined && last.metric === '') last.metric = text;
      if (node.name === 'LabelName') (inGrouping ? grouping : (last?.labels ?? grouping)).push(text);
    },
    leave(node) {
      if (node.name === 'GroupingLabels') inGrouping = false;
    },
  });
  return { selectors, grouping, isValid };
}
