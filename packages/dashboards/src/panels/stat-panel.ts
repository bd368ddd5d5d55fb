import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Threshold, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { buildThresholds, byThreshold } from './house-look.ts';
import { type DataFrame, type PanelBuilder as Panel, withData } from './panel-frame.ts';

export interface StatSpec extends DataFrame {
  readonly thresholds: Threshold[];
  readonly mappings?: ValueMapping[];
  readonly decimals?: number;
  /** `tile` fills the panel with the colour of its value; `figure` colours the value alone and may have a line of its history. */
  readonly look: 'tile' | 'figure' | 'figure-with-line';
  /** One under the other instead of side by side: words stay readable on a phone. */
  readonly rows?: boolean;
  /** In px. Without it Grafana takes the size that fills the panel, which cuts a sentence off. */
  readonly textSize?: number;
  /** The series' name in place of its value. */
  readonly showName?: boolean;
}

/** One big value a query. */
export function statPanel(spec: StatSpec): Panel {
  const builder = withData(new PanelBuilder(), spec)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .colorScheme(byThreshold())
    .thresholds(buildThresholds(spec.thresholds))
    .colorMode(spec.look === 'tile' ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(spec.look === 'figure-with-line' ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .textMode(spec.showName ? BigValueTextMode.Name : BigValueTextMode.Auto)
    .mappings(spec.mappings ?? []);
  if (spec.textSize !== undefined) builder.text(new VizTextDisplayOptionsBuilder().valueSize(spec.textSize));
  if (spec.rows) builder.orientation(VizOrientation.Horizontal);
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  return builder;
}
