import { parser } from '@grafana/lezer-logql';

/** Where the text is no LogQL, and the labels by which streams are chosen. */
export function parseLogql(expr: string): {
  readonly errors: readonly number[];
  readonly streamLabels: readonly string[];
} {
  const errors: number[] = [];
  const streamLabels: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) errors.push(node.from);
      const matcher = node.node.parent;
      if (node.name === 'Identifier' && matcher?.name === 'Matcher' && matcher.parent?.name === 'Matchers')
        streamLabels.push(expr.slice(node.from, node.to));
    },
  });
  return { errors, streamLabels };
}
