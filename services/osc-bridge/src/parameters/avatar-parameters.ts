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

/** Of avatars that keep VRChat's own animator; nothing tells its type before it changes. Source: vrchat-community/osc wiki. */
const USUAL: ReadonlyMap<string, ParameterFact> = new Map([
  ['VRCEmote', { kind: 'int', writable: true, value: undefined }],
]);

/** OSCQuery tells what is; the avatar's file tells what was when VRChat wrote it, and may be stale. */
export type ParameterList = 'oscquery' | 'avatar_file';

/**
 * What is known of the present avatar's parameters. What VRChat sends goes before what OSCQuery lists, and that before the
 * avatar's file.
 */
export interface AvatarParameters {
  /** Hot path: one map write. @returns false when the table is full */
  heard(name: string, argument: OscArgument): boolean;
  /** A list is whole: a name that it lacks does not exist. A file that what is heard contradicts is whole no longer. */
  learnAll(facts: ReadonlyMap<string, ParameterFact>, from: ParameterList): void;
  /** Another avatar was put on. */
  forget(): void;
  /** `unknown`: it may exist. `missing`: it does not. */
  lookUp(name: string): ParameterFact | 'unknown' | 'missing';
}

const NO_FACTS: ReadonlyMap<string, ParameterFact> = new Map();

export function createAvatarParameters(): AvatarParameters {
  const heard = new Map<string, ParameterFact>();
  let listed = NO_FACTS;
  let list: ParameterList | undefined;
  let isWhole = false;

  const doubt = (name: string, kind: ParameterKind): void => {
    if (list === 'avatar_file' && !BUILT_IN.has(name) && listed.get(name)?.kind !== kind) isWhole = false;
  };
  return {
    heard(name, argument) {
      const kind = KINDS[argument.type];
      if (!kind || typeof argument.value === 'string') return true;
      if (!heard.has(name)) {
        if (heard.size >= MAX_PARAMETERS) return false;
        doubt(name, kind);
      }
      heard.set(name, { kind, writable: !BUILT_IN.has(name), value: argument.value });
      return true;
    },
    learnAll(all, from) {
      listed = all;
      list = from;
      isWhole = true;
      for (const [name, { kind }] of heard) doubt(name, kind);
    },
    forget() {
      heard.clear();
      listed = NO_FACTS;
      list = undefined;
      isWhole = false;
    },
    lookUp(name) {
      const inList = listed.get(name);
      const known = heard.get(name);
      if (known) return { ...known, writable: inList?.writable ?? known.writable };
      if (inList) return inList;
      if (BUILT_IN.has(name)) return { kind: 'float', writable: false, value: undefined };
      return isWhole ? 'missing' : (USUAL.get(name) ?? 'unknown');
    },
  };
}
