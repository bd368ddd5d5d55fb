import { PanelBuilder } from '@grafana/grafana-foundation-sdk/nodegraph';
import { dataSourceRef } from '../data-sources.ts';
import { buildQuery, serviceMap } from '../queries.ts';
import { type PanelBuilder as Panel, type PanelFrame, withFrame } from './panel-frame.ts';

/** Who calls whom, from Tempo's service graph. */
export const nodeGraphPanel = (spec: PanelFrame): Panel =>
  withFrame(new PanelBuilder(), spec).datasource(dataSourceRef('tempo')).withTarget(buildQuery(serviceMap(), 0));
