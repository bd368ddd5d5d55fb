import { LogsDedupStrategy, LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { dataSourceRef } from '../data-sources.ts';
import { buildQuery, logs } from '../queries.ts';
import { type Link, type PanelBuilder as Panel, type PanelFrame, withFrame } from './panel-frame.ts';

export interface LogsSpec extends PanelFrame {
  readonly expr: string;
  readonly noValue: string;
  /** A story reads from its beginning; else the newest line is first. */
  readonly oldestFirst?: boolean;
  /** In the panel's head. */
  readonly links?: readonly Link[];
}

/** Lines of Loki; opened, a line leads to its trace. */
export const logsPanel = (spec: LogsSpec): Panel =>
  withFrame(new PanelBuilder(), spec)
    .datasource(dataSourceRef('loki'))
    .withTarget(buildQuery(logs(spec.expr), 0))
    .noValue(spec.noValue)
    .links(
      (spec.links ?? []).map(({ title, url }) => new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url)),
    )
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .dedupStrategy(LogsDedupStrategy.None)
    .sortOrder(spec.oldestFirst ? LogsSortOrder.Ascending : LogsSortOrder.Descending);
