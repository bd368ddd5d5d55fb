import type { OscArgument, OscMessage, OscValue } from './osc-datagram.ts';

export type ParameterType = 'int' | 'float' | 'bool';
export type ParameterValue = number | boolean;

/** An avatar as VRChat knows it: its id and the parameters of its animator, by name (case-sensitive). */
export interface Avatar {
  readonly id: string;
  readonly parameters: Readonly<Record<string, ParameterType>>;
}

export const PARAMETERS_PREFIX = '/avatar/parameters/';

/** Parameters that VRChat itself drives; nobody may write them. Source: creators.vrchat.com/avatars/animator-parameters. */
export const BUILT_IN_PARAMETERS: Readonly<Record<string, ParameterType>> = {
  Viseme: 'int',
  Voice: 'float',
  GestureLeft: 'int',
  GestureRight: 'int',
  GestureLeftWeight: 'float',
  GestureRightWeight: 'float',
  AngularY: 'float',
  VelocityX: 'float',
  VelocityY: 'float',
  VelocityZ: 'float',
  Upright: 'float',
  Grounded: 'bool',
  Seated: 'bool',
  AFK: 'bool',
  TrackingType: 'int',
  VRMode: 'int',
  MuteSelf: 'bool',
  InStation: 'bool',
  Earmuffs: 'bool',
  ScaleModified: 'bool',
  ScaleFactor: 'float',
  ScaleFactorInverse: 'float',
  EyeHeightAsMeters: 'float',
  EyeHeightAsPercent: 'float',
};

/** The two avatars of the demo; the first is worn at the start. */
export const DEMO_AVATARS: readonly [Avatar, ...Avatar[]] = [
  {
    id: 'avtr_5c2d0b1e-7f4a-4b6d-9a3e-0d1c8e5f2a77',
    parameters: {
      Expression: 'int',
      Emotion: 'int',
      Speaking: 'bool',
      Thinking: 'bool',
      Listening: 'bool',
      MouthOpen: 'float',
      Mood: 'float',
      TailWag: 'float',
      EarsUp: 'bool',
      UnderstudyMode: 'int',
      UnderstudyProbe: 'bool',
    },
  },
  {
    id: 'avtr_e91b6f34-2a0c-4c57-8d3b-6b7a4f9c1d02',
    parameters: { Emotion: 'int', Speaking: 'bool', Hat: 'bool', UnderstudyProbe: 'bool' },
  },
];

const INITIAL: Record<ParameterType, ParameterValue> = { int: 0, float: 0, bool: false };

/** Values of all parameters, the avatar's own and the built-in ones, when it has just loaded. */
export function initialValues(avatar: Avatar): Map<string, ParameterValue> {
  const types = { ...BUILT_IN_PARAMETERS, ...avatar.parameters };
  return new Map(Object.entries(types).map(([name, type]) => [name, INITIAL[type]]));
}

export type ParameterWrite =
  | { readonly type: 'accepted'; readonly name: string; readonly value: ParameterValue }
  | { readonly type: 'dropped'; readonly rule: string; readonly detail: string };

/** What VRChat does with a message to `/avatar/parameters/NAME`: unknown, read-only and mistyped ones are ignored. */
export function judgeParameterWrite(avatar: Avatar, { address, tags, values }: OscMessage): ParameterWrite {
  const name = address.slice(PARAMETERS_PREFIX.length);
  const drop = (rule: string, detail: string): ParameterWrite => ({ type: 'dropped', rule, detail });
  if (Object.hasOwn(BUILT_IN_PARAMETERS, name)) return drop('parameter_read_only', `${name} is built in`);
  const type = Object.hasOwn(avatar.parameters, name) ? avatar.parameters[name] : undefined;
  if (!type) return drop('parameter_unknown', `${avatar.id} has no parameter ${name}`);
  if (!ACCEPTED_TAGS[type].includes(tags)) return drop('parameter_mistyped', `${name} is ${type}, ',${tags}' came`);
  const value = values[0] ?? null;
  if (!inRange(type, value)) return drop('parameter_out_of_range', `${name} is ${type}, ${value} came`);
  return { type: 'accepted', name, value };
}

const ACCEPTED_TAGS: Record<ParameterType, readonly string[]> = { int: ['i'], float: ['f'], bool: ['T', 'F'] };

/** Synced parameters: int is 0..255, float -1..1. */
function inRange(type: ParameterType, value: OscValue): value is ParameterValue {
  if (type === 'bool') return typeof value === 'boolean';
  if (typeof value !== 'number') return false;
  return type === 'int' ? value >= 0 && value <= 255 : value >= -1 && value <= 1;
}

export function toArgument(type: ParameterType, value: ParameterValue): OscArgument {
  switch (type) {
    case 'int':
      return { type: 'integer', value: Number(value) };
    case 'float':
      return { type: 'float', value: Number(value) };
    case 'bool':
      return { type: 'boolean', value: Boolean(value) };
  }
}
