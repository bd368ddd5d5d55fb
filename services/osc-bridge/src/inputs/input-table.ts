import { float, integer, message, type OscMessage } from '../osc/osc-message.ts';

// Source of both lists: docs.vrchat.com, osc-as-input-controller. VRChat never times an input out.
const AXES = [
  ...['Vertical', 'Horizontal', 'LookHorizontal', 'UseAxisRight', 'GrabAxisRight'],
  ...['MoveHoldFB', 'SpinHoldCwCcw', 'SpinHoldUD', 'SpinHoldLR'],
] as const;

/** Without `Voice`, whose release to 0 mutes, and `PanicButton`, which hides everybody: a bot needs neither. */
const BUTTONS = [
  ...['MoveForward', 'MoveBackward', 'MoveLeft', 'MoveRight', 'LookLeft', 'LookRight', 'Jump', 'Run'],
  ...['ComfortLeft', 'ComfortRight', 'DropLeft', 'DropRight', 'UseLeft', 'UseRight', 'GrabLeft', 'GrabRight'],
  ...['QuickMenuToggleLeft', 'QuickMenuToggleRight'],
] as const;

export const INPUT_NAMES = [...AXES, ...BUTTONS];
export type InputName = (typeof INPUT_NAMES)[number];

export const isInputName = (name: string): name is InputName => INPUT_NAMES.some((known) => known === name);
const isAxis = (name: InputName): boolean => AXES.some((axis) => axis === name);

/** @returns what is wrong with the value; undefined when VRChat takes it */
export function judgeInputValue(name: InputName, value: number): string | undefined {
  if (isAxis(name)) return Math.abs(value) <= 1 ? undefined : `${name} is an axis: it takes -1 to 1`;
  return value === 0 || value === 1 ? undefined : `${name} is a button: it takes 0 or 1`;
}

/** An axis is a float, a button an integer; VRChat drops the other type. */
export const inputMessage = (name: InputName, value: number): OscMessage =>
  message(`/input/${name}`, isAxis(name) ? float(value) : integer(value));
