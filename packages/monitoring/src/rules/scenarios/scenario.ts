/** A stretch of a series. Time goes in steps of the scenario. */
export type Phase =
  | { readonly type: 'hold'; readonly value: number; readonly seconds: number }
  /** A counter or a level that rises by so much each step. */
  | { readonly type: 'grow'; readonly from: number; readonly by: number; readonly seconds: number }
  | { readonly type: 'gone'; readonly seconds: number };

export const hold = (value: number, seconds: number): Phase => ({ type: 'hold', value, seconds });
export const grow = (from: number, by: number, seconds: number): Phase => ({ type: 'grow', from, by, seconds });
export const gone = (seconds: number): Phase => ({ type: 'gone', seconds });

/** Series by selector: `up{job="services",service="llm-service"}`. */
export type Timeline = Readonly<Record<string, readonly Phase[]>>;

/** One story of an alert: well, broken, well again. Times are seconds from its beginning. */
export interface Scenario {
  readonly series: Timeline;
  /** Times at which it must be silent though things look nearly as bad. */
  readonly quietAt: readonly [number, ...number[]];
  readonly firesAt: number;
  /** The labels with which it fires, besides its own; none where a story is about silence. */
  readonly fires: readonly Readonly<Record<string, string>>[];
  readonly resolvedAt: number;
  /** Seconds between two samples, and between two evaluations; 5 when left out. */
  readonly stepSeconds?: number;
}

/** Well, then broken, then well again, each held. */
export const dip = (
  good: number,
  bad: number,
  seconds: { readonly before: number; readonly broken: number; readonly after: number },
): readonly Phase[] => [hold(good, seconds.before), hold(bad, seconds.broken), hold(good, seconds.after)];

const samples = (seconds: number, step: number): number => Math.round(seconds / step);

function renderPhase(phase: Phase, step: number): string {
  const count = samples(phase.seconds, step);
  if (count < 1) throw new Error(`a phase of ${phase.seconds} s has no sample at a step of ${step} s`);
  switch (phase.type) {
    case 'hold':
      return `${phase.value}x${count - 1}`;
    case 'grow':
      return `${phase.from}${phase.by < 0 ? '-' : '+'}${Math.abs(phase.by)}x${count - 1}`;
    case 'gone':
      return `_x${count}`;
  }
}

/** The values of a series in promtool's notation, where `1x3` are four samples and `_x4` four gaps. */
export const renderPhases = (phases: readonly Phase[], step: number): string =>
  phases.map((phase) => renderPhase(phase, step)).join(' ');
