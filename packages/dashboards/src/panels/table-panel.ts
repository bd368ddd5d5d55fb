import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { Threshold, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { buildThresholds } from './house-look.ts';
import { type DataFrame, type Link, type PanelBuilder as Panel, withData } from './panel-frame.ts';
import { UNITS, type Unit } from './units.ts';

export interface Column {
  /** A label, or `Value` (`Value #B` for the second query). */
  readonly field: string;
  readonly head: string;
  /** Least width in px; the columns share what is left. */
  readonly minWidth?: number;
  readonly width?: number;
  readonly unit?: Unit;
  /** Long text takes several lines. */
  readonly wrap?: boolean;
  readonly mappings?: ValueMapping[];
  readonly thresholds?: Threshold[];
  readonly link?: Link;
}

export interface TableSpec extends DataFrame {
  /** The order in which they stand; what is not named is not shown. Without any, the table is as the data source gives it. */
  readonly columns: readonly Column[];
  readonly sortBy: { readonly head: string; readonly descending: boolean };
}

function columnProperties(column: Column) {
  const coloured = column.mappings || column.thresholds;
  return [
    ...(column.unit ? [{ id: 'unit', value: column.unit }] : []),
    // Prometheus extrapolates counts: 3 may come as 3.2.
    ...(column.unit === UNITS.count ? [{ id: 'decimals', value: 0 }] : []),
    ...(column.width ? [{ id: 'custom.width', value: column.width }] : []),
    ...(column.minWidth ? [{ id: 'custom.minWidth', value: column.minWidth }] : []),
    ...(column.mappings ? [{ id: 'mappings', value: column.mappings }] : []),
    ...(column.thresholds ? [{ id: 'thresholds', value: buildThresholds(column.thresholds).build() }] : []),
    ...(coloured ? [{ id: 'color', value: { mode: 'thresholds' } }] : []),
    ...(coloured || column.wrap
      ? [
          {
            id: 'custom.cellOptions',
            value: { type: coloured ? 'color-text' : 'auto', wrapText: column.wrap ?? false },
          },
        ]
      : []),
    ...(column.link ? [{ id: 'links', value: [column.link] }] : []),
  ];
}

/** One row a series. */
export function tablePanel(spec: TableSpec): Panel {
  const builder = withData(new PanelBuilder(), spec)
    .showHeader(true)
    .filterable(false)
    .sortBy([new TableSortByFieldStateBuilder().displayName(spec.sortBy.head).desc(spec.sortBy.descending)]);
  if (spec.queries.length > 1) builder.withTransformation({ id: 'merge', options: {} });
  if (spec.columns.length === 0) return builder;
  builder
    .withTransformation({
      id: 'filterFieldsByName',
      options: { include: { names: spec.columns.map(({ field }) => field) } },
    })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(spec.columns.map(({ field }, index) => [field, index])),
        renameByName: Object.fromEntries(spec.columns.map(({ field, head }) => [field, head])),
      },
    });
  for (const column of spec.columns) {
    const properties = columnProperties(column);
    if (properties.length > 0) builder.overrideByName(column.head, properties);
  }
  return builder;
}
