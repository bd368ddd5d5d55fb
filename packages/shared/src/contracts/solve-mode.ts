import Type, { type Static } from 'typebox';
import { type CapabilityStates, CapabilityStatesSchema, effective } from './capabilities.ts';

/** Everything that may hold, in the order in which it names the mode. */
export const LIMITS = ['essential', 'text_only', 'scripted', 'no_avatar', 'no_vision'] as const;
export type Limit = (typeof LIMITS)[number];
export type Mode = Limit | 'full';
export const MODES = ['full', ...LIMITS] as const satisfies readonly Mode[];

export const ModeSchema = Type.Enum([...MODES]);
export const LimitSchema = Type.Enum([...LIMITS]);

/** Published by the supervisor on every change and every second; a service that misses it solves the same by itself. */
export const ModeChangeSchema = Type.Object(
  {
    mode: ModeSchema,
    limits: Type.Array(LimitSchema),
    essential: Type.Boolean(),
    capabilities: CapabilityStatesSchema,
    at: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false },
);
export type ModeChange = Static<typeof ModeChangeSchema>;

/**
 * @param essential memory pressure: a flag of the supervisor, not a capability
 * @returns every limit that holds and the first of them as the mode; `full` when none holds
 */
export function solveMode(capabilities: CapabilityStates, essential: boolean): { mode: Mode; limits: Limit[] } {
  const off = (capability: keyof CapabilityStates) => effective(capabilities[capability]).level === 'off';
  const holds: Record<Limit, boolean> = {
    essential,
    text_only: off('hear') || off('speak'),
    scripted: off('think') || effective(capabilities.think).by === 'pattern',
    no_avatar: off('act'),
    no_vision: off('see'),
  };
  const limits = LIMITS.filter((limit) => holds[limit]);
  return { mode: limits[0] ?? 'full', limits };
}
