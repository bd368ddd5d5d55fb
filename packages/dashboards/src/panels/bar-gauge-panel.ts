import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import type { Threshold } from '@grafana/grafana-foundation-sdk/dashboard';
import { buildThresholds, byThreshold } from './house-look.ts';
import { type DataFrame, type PanelBuilder as Panel, withData } from './panel-frame.ts';

export interface BarGaugeSpec extends DataFrame {
  readonly thresholds: Threshold[];
  /** The length of a full bar; without it the longest is full. */
  readonly max?: number;
  readonly decimals?: number;
}

/** One horizontal bar a series: how much, side by side. */
export function barGaugePanel(spec: BarGaugeSpec): Panel {
  const builder = withData(new PanelBuilder(), spec)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .colorScheme(byThreshold())
    .thresholds(buildThresholds(spec.thresholds))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Color)
    .showUnfilled(true)
    .minVizHeight(16)
    .min(0);
  if (spec.max !== undefined) builder.max(spec.max);
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  return builder;
}
