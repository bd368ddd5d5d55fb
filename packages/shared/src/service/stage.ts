import {
  type Capability,
  type CapabilityStates,
  type Ceilings,
  combine,
  effective,
  FULL_CEILINGS,
  type Level,
  type LevelBy,
  type Limit,
  type Mode,
  type ModeChange,
  type Observed,
  solveMode,
  UNKNOWN,
} from '../contracts/index.ts';

export interface StageOptions {
  readonly owned: readonly Capability[];
  readonly ceilings?: Ceilings | undefined;
  readonly now: () => number;
  /** The supervisor's silence that counts. */
  readonly silentAfterMs: () => number;
  readonly onObserved: (observed: Observed) => void;
  readonly onCeiling: (capability: Capability, ceiling: LevelBy) => void;
}

/** What this process knows of the bot's capabilities: its own observations, the supervisor's ceilings, what was published of the others. */
export interface Stage {
  observe(capability: Capability, level: Level, by: string): void;
  observed(): Observed;
  ceilings(): Ceilings;
  setCeiling(capability: Capability, ceiling: LevelBy): void;
  onModeChange(change: ModeChange): void;
  effective(capability: Capability): LevelBy;
  solveMode(observed?: Observed): { mode: Mode; limits: readonly Limit[]; capabilities: CapabilityStates };
  isSupervised(): boolean;
}

const same = (a: LevelBy | undefined, b: LevelBy) => a?.level === b.level && a.by === b.by;

export function createStage(options: StageOptions): Stage {
  let published: ModeChange | undefined;
  let publishedAt = Number.NEGATIVE_INFINITY;
  let ceilings: Ceilings = options.ceilings ?? FULL_CEILINGS;
  const observed: Observed = {};
  for (const capability of options.owned) observed[capability] = UNKNOWN;

  const publishedObserved = (): Observed =>
    published
      ? Object.fromEntries(Object.entries(published.capabilities).map(([name, state]) => [name, state.observed]))
      : {};
  const states = (extra?: Observed): CapabilityStates =>
    combine({ ...publishedObserved(), ...observed, ...extra }, ceilings);

  const setCeiling = (capability: Capability, ceiling: LevelBy) => {
    if (same(ceilings[capability], ceiling)) return;
    ceilings = { ...ceilings, [capability]: ceiling };
    options.onCeiling(capability, ceiling);
  };
  return {
    observe(capability, level, by) {
      const first = observed[capability] === UNKNOWN;
      if (!first && same(observed[capability], { level, by })) return;
      observed[capability] = { level, by };
      options.onObserved({ ...observed });
    },
    observed: () => ({ ...observed }),
    ceilings: () => ceilings,
    setCeiling,
    onModeChange(change) {
      published = change;
      publishedAt = options.now();
      for (const [capability, state] of Object.entries(change.capabilities))
        setCeiling(capability as Capability, state.ceiling);
    },
    effective: (capability) => effective(states()[capability]),
    solveMode(extra) {
      const capabilities = states(extra);
      return { ...solveMode(capabilities, published?.essential ?? false), capabilities };
    },
    isSupervised: () => options.now() - publishedAt < options.silentAfterMs(),
  };
}
