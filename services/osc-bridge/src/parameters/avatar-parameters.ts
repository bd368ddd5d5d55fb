import type { OscArgument } from '../osc/osc-message.ts';

export type ParameterKind = 'bool' | 'int' | 'float';
export type ParameterValue = boolean | number;

export interface ParameterFact {
  readonly kind: ParameterKind;
  readonly writable: boolean;
  readonly value: ParameterValue | undefined;
}

/** An avatar has a few hundred; more is not an avatar. */
export const MAX_PARAMETERS = 8192;

const KINDS: Partial<Record<OscArgument['type'], ParameterKind>> = { boolean: 'bool', integer: 'int', float: 'float' };

/** Driven by VRChat itself, read-only for everybody. Source: creators.vrchat.com, animator parameters. */
const BUILT_IN = new Set([
  ...[
    'IsLocal',
    'PreviewMode',
    'Viseme',
    'Voice',
    'GestureLeft',
    'GestureRight',
    'GestureLeftWeight',
    'GestureRightWeight',
  ],
  ...['AngularY', 'VelocityX', 'VelocityY', 'VelocityZ', 'VelocityMagnitude', 'Upright', 'Grounded', 'Seated', 'AFK'],
  ...[
    'TrackingType',
    'VRMode',
    'MuteSelf',
    'InStation',
    'Earmuffs',
    'IsOnFriendsList',
    'AvatarVersion',
    'IsAnimatorEnabled',
  ],
  ...['ScaleModified', 'ScaleFactor', 'ScaleFactorInverse', 'EyeHeightAsMeters', 'EyeHeightAsPercent'],
]);

/** What is known of the present avatar's parameters: from what VRChat sends, and from OSCQuery where it can be reached. */
export interface AvatarParameters {
  /** Hot path: one map write. @returns false when the table is full */
  heard(name: string, argument: OscArgument): boolean;
  /** OSCQuery's list is whole: a name that it lacks does not exist. */
  learnAll(facts: ReadonlyMap<string, ParameterFact>): void;
  /** Another avatar was put on. */
  forget(): void;
  /** `unknown`: it may exist. `missing`: it does not. */
  lookUp(name: string): ParameterFact | 'unknown' | 'missing';
  size(): number;
}

export function createAvatarParameters(): AvatarParameters {
  const facts = new Map<string, ParameterFact>();
  let isWhole = false;
  return {
    heard(name, argument) {
      const kind = KINDS[argument.type];
      if (!kind || typeof argument.value === 'string') return true;
      if (facts.size >= MAX_PARAMETERS && !facts.has(name)) return false;
      facts.set(name, { kind, writable: !BUILT_IN.has(name), value: argument.value });
      return true;
    },
    learnAll(all) {
      facts.clear();
      for (const [name, fact] of all) facts.set(name, fact);
      isWhole = true;
    },
    forget() {
      facts.clear();
      isWhole = false;
    },
    lookUp(name) {
      const known = facts.get(name);
      if (known) return known;
      if (BUILT_IN.has(name)) return { kind: 'float', writable: false, value: undefined };
      return isWhole ? 'missing' : 'unknown';
    },
    size: () => facts.size,
  };
}
