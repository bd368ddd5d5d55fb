import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Threshold } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { buildThresholds, byName } from './house-look.ts';
import { type DataFrame, type PanelBuilder as Panel, withData } from './panel-frame.ts';

export interface TimeSeriesSpec extends DataFrame {
  /** `stack` for parts of a whole, `bars` for what happens now and then, `line` for the rest. */
  readonly look: 'line' | 'stack' | 'bars';
  /** Drawn as dashed lines: a budget, a promise. */
  readonly limits?: Threshold[];
  readonly max?: number;
}

/** Values over time. Starts at zero: a small change must not look like a cliff. */
export function timeSeriesPanel(spec: TimeSeriesSpec): Panel {
  const stacked = spec.look !== 'line';
  const builder = withData(new PanelBuilder(), spec)
    .colorScheme(byName())
    .drawStyle(spec.look === 'bars' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .lineWidth(spec.look === 'bars' ? 0 : 2)
    .fillOpacity({ line: 8, stack: 40, bars: 80 }[spec.look])
    .showPoints(VisibilityMode.Never)
    .stacking(new StackingConfigBuilder().mode(stacked ? StackingMode.Normal : StackingMode.None).group('A'))
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  // A bar holds all that happened since the one before it: queries count over `$__interval`.
  if (spec.look === 'bars') builder.interval('1m');
  if (spec.limits) {
    builder
      .thresholds(buildThresholds(spec.limits))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  if (spec.max !== undefined) builder.max(spec.max);
  return builder;
}
