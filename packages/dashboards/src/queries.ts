import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import { DataqueryBuilder as PrometheusQuery, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { DataqueryBuilder as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import { dataSourceRef } from './data-sources.ts';

/**
 * `range`: a value for each moment. `instant`: one value, now or over `$__range`. `table`: one row a series, its labels as columns.
 * `exemplars`: dots that lead to traces.
 */
export type Query =
  | {
      readonly source: 'prometheus';
      readonly kind: 'range' | 'instant' | 'table';
      readonly expr: string;
      readonly legend: string;
      readonly exemplars: boolean;
    }
  | { readonly source: 'loki'; readonly kind: 'range' | 'logs'; readonly expr: string; readonly legend: string }
  | { readonly source: 'tempo'; readonly kind: 'serviceMap' | 'traceql'; readonly expr: string };

export const range = (expr: string, legend: string): Query => ({
  source: 'prometheus',
  kind: 'range',
  expr,
  legend,
  exemplars: false,
});
export const rangeWithTraces = (expr: string, legend: string): Query => ({
  source: 'prometheus',
  kind: 'range',
  expr,
  legend,
  exemplars: true,
});
export const instant = (expr: string, legend: string): Query => ({
  source: 'prometheus',
  kind: 'instant',
  expr,
  legend,
  exemplars: false,
});
export const table = (expr: string): Query => ({
  source: 'prometheus',
  kind: 'table',
  expr,
  legend: '',
  exemplars: false,
});
export const logs = (expr: string): Query => ({ source: 'loki', kind: 'logs', expr, legend: '' });
export const logRange = (expr: string, legend: string): Query => ({ source: 'loki', kind: 'range', expr, legend });
export const serviceMap = (): Query => ({ source: 'tempo', kind: 'serviceMap', expr: '' });
export const traces = (expr: string): Query => ({ source: 'tempo', kind: 'traceql', expr });

const refIdOf = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

/** @param index the query's place in its panel, below 26 */
export function buildQuery(query: Query, index: number) {
  const refId = refIdOf(index);
  switch (query.source) {
    case 'prometheus': {
      const target = new PrometheusQuery()
        .datasource(dataSourceRef('prometheus'))
        .refId(refId)
        .expr(query.expr)
        .exemplar(query.exemplars);
      if (query.kind === 'table') return target.instant().format(PromQueryFormat.Table);
      return (query.kind === 'instant' ? target.instant() : target.range()).legendFormat(query.legend);
    }
    case 'loki': {
      const target = new LokiQuery().datasource(dataSourceRef('loki')).refId(refId).expr(query.expr).queryType('range');
      return query.kind === 'logs' ? target.maxLines(1000) : target.legendFormat(query.legend);
    }
    case 'tempo': {
      const target = new TempoQuery().datasource(dataSourceRef('tempo')).refId(refId).queryType(query.kind).limit(20);
      return query.kind === 'traceql' ? target.query(query.expr) : target;
    }
  }
}
