import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Level, ReplySource, ServiceName } from '@understudy/shared/contracts';

/** One meaning a colour, on every dashboard. Names of Grafana's palette, which has each for the dark and the light theme. */
export const GOOD = 'green';
export const CARE = 'orange';
export const BAD = 'red';
export const NEUTRAL = 'blue';
export const QUIET = 'text';

export const LEVEL_COLOURS: Record<Level, string> = { off: BAD, degraded: CARE, full: GOOD };

export const SERVICE_COLOURS: Record<ServiceName, string> = {
  supervisor: 'purple',
  'audio-gateway': 'blue',
  'llm-service': 'yellow',
  'osc-bridge': 'super-light-green',
  'cv-service': 'light-orange',
};

export const SOURCE_COLOURS: Record<ReplySource | 'none', string> = {
  provider: GOOD,
  cache: NEUTRAL,
  pattern: CARE,
  none: BAD,
};

export const SEVERITY_COLOURS = {
  critical: 'dark-red',
  error: BAD,
  warning: CARE,
  info: NEUTRAL,
  debug: QUIET,
} as const;

/** A column, series or value that is shown in a colour of its own. */
export const paint = (name: string, colour: string) => ({
  name,
  properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }],
});
export const paintAll = (colours: Readonly<Record<string, string>>) =>
  Object.entries(colours).map(([name, colour]) => paint(name, colour));

/** Green below `care`, then orange, from `bad` on red. For shares, waits and counts of failures: less is better. */
export const lessIsBetter = (care: number, bad: number): Threshold[] => [
  { value: null, color: GOOD },
  { value: care, color: CARE },
  { value: bad, color: BAD },
];
/** Red below `care`, then orange, from `good` on green. */
export const moreIsBetter = (care: number, good: number): Threshold[] => [
  { value: null, color: BAD },
  { value: care, color: CARE },
  { value: good, color: GOOD },
];
/** As lessIsBetter, for what may have no value: the words in its place are no good news. */
export const lessIsBetterIfKnown = (care: number, bad: number): Threshold[] => [
  { value: null, color: QUIET },
  { value: 0, color: GOOD },
  { value: care, color: CARE },
  { value: bad, color: BAD },
];
/** As moreIsBetter, for what may have no value. */
export const moreIsBetterIfKnown = (care: number, good: number): Threshold[] => [
  { value: null, color: QUIET },
  { value: 0, color: BAD },
  { value: care, color: CARE },
  { value: good, color: GOOD },
];
export const always = (colour: string): Threshold[] => [{ value: null, color: colour }];

export const buildThresholds = (steps: Threshold[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
export const byThreshold = (): FieldColorBuilder => new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
export const fixed = (colour: string): FieldColorBuilder =>
  new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colour);
export const byName = (): FieldColorBuilder => new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName);

/** Values in words, in the order given. */
export const inWords = (
  words: Readonly<Record<string, { readonly text: string; readonly color: string }>>,
): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(Object.entries(words).map(([value, result], index) => [value, { ...result, index }])),
  },
];
