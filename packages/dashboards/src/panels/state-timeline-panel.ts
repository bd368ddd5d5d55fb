import {
  LegendDisplayMode,
  LegendPlacement,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { fixed, QUIET } from './house-look.ts';
import { type DataFrame, type PanelBuilder as Panel, withData } from './panel-frame.ts';

export interface StateTimelineSpec extends DataFrame {
  readonly mappings: ValueMapping[];
}

/** Which state held when; the mapping gives each its word and its colour. */
export const stateTimelinePanel = (spec: StateTimelineSpec): Panel =>
  withData(new PanelBuilder(), spec)
    // By thresholds, Grafana would join values into their ranges and lose the words.
    .colorScheme(fixed(QUIET))
    .mappings(spec.mappings)
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(75)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    );
