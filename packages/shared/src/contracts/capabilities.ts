import Type, { type Static } from 'typebox';

export const CAPABILITIES = ['hear', 'speak', 'think', 'act', 'see'] as const;
export type Capability = (typeof CAPABILITIES)[number];

export const LEVELS = ['off', 'degraded', 'full'] as const;
export type Level = (typeof LEVELS)[number];

export const CapabilitySchema = Type.Enum([...CAPABILITIES]);
export const LevelSchema = Type.Enum([...LEVELS]);

/**
 * `observed` is written by the capability's owner alone, `ceiling` by the supervisor alone.
 * `by` names the rung or the cause: `device:headset-mic`, `provider:backup`, `pattern`, `no_device`, `essential_mode`, ...
 */
export const LevelBySchema = Type.Object(
  { level: LevelSchema, by: Type.String({ minLength: 1, maxLength: 120 }) },
  { additionalProperties: false },
);
export type LevelBy = Static<typeof LevelBySchema>;

/** What one service reports of the capabilities that it owns. */
export const ObservedSchema = Type.Object(
  {
    hear: Type.Optional(LevelBySchema),
    speak: Type.Optional(LevelBySchema),
    think: Type.Optional(LevelBySchema),
    act: Type.Optional(LevelBySchema),
    see: Type.Optional(LevelBySchema),
  },
  { additionalProperties: false },
);
export type Observed = Static<typeof ObservedSchema>;

export const CapabilityStateSchema = Type.Object(
  { observed: LevelBySchema, ceiling: LevelBySchema },
  { additionalProperties: false },
);
export type CapabilityState = Static<typeof CapabilityStateSchema>;

export const CapabilityStatesSchema = Type.Object(
  {
    hear: CapabilityStateSchema,
    speak: CapabilityStateSchema,
    think: CapabilityStateSchema,
    act: CapabilityStateSchema,
    see: CapabilityStateSchema,
  },
  { additionalProperties: false },
);
export type CapabilityStates = Static<typeof CapabilityStatesSchema>;

export type Ceilings = Readonly<Record<Capability, LevelBy>>;

export const UNRESTRICTED: LevelBy = { level: 'full', by: 'unrestricted' };

export const FULL_CEILINGS: Ceilings = {
  hear: UNRESTRICTED,
  speak: UNRESTRICTED,
  think: UNRESTRICTED,
  act: UNRESTRICTED,
  see: UNRESTRICTED,
};

/** What counts is the lower of the two; at a tie the observation explains more than the permission. */
export function effective(state: CapabilityState): LevelBy {
  return LEVELS.indexOf(state.ceiling.level) < LEVELS.indexOf(state.observed.level) ? state.ceiling : state.observed;
}

/** Owners that have not been heard of yet do not count as working. */
export const UNKNOWN: LevelBy = { level: 'off', by: 'not_heard_of' };

export function combine(observed: Observed, ceilings: Ceilings): CapabilityStates {
  const state = (capability: Capability): CapabilityState => ({
    observed: observed[capability] ?? UNKNOWN,
    ceiling: ceilings[capability],
  });
  return { hear: state('hear'), speak: state('speak'), think: state('think'), act: state('act'), see: state('see') };
}
