import { parser } from '@prometheus-io/lezer-promql';

interface Selection {
  readonly metric: string;
  readonly labels: readonly string[];
}

export interface ParsedPromql {
  /** Where the text is no PromQL. */
  readonly errors: readonly number[];
  readonly selections: readonly Selection[];
  /** Labels by which results are grouped or matched. */
  readonly groupings: readonly string[];
}

export function parsePromql(expr: string): ParsedPromql {
  const errors: number[] = [];
  const selections: { metric: string; labels: string[] }[] = [];
  const groupings: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      const text = expr.slice(node.from, node.to);
      const parent = node.node.parent?.name;
      if (node.type.isError) errors.push(node.from);
      if (node.name === 'VectorSelector') selections.push({ metric: text.split(/[{\s]/)[0] ?? '', labels: [] });
      if (node.name === 'LabelName' && parent === 'GroupingLabels') groupings.push(text);
      if (node.name === 'LabelName' && parent === 'UnquotedLabelMatcher') selections.at(-1)?.labels.push(text);
    },
  });
  return { errors, selections, groupings };
}
