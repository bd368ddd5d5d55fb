import type { Violations } from '../record/violations.ts';
import type { OscMessage } from './osc-datagram.ts';

// Source of both lists: docs.vrchat.com, osc-as-input-controller. VRChat never times an input out: what is not reset stays held.
const AXES = [
  ...['Vertical', 'Horizontal', 'LookHorizontal', 'UseAxisRight', 'GrabAxisRight'],
  ...['MoveHoldFB', 'SpinHoldCwCcw', 'SpinHoldUD', 'SpinHoldLR'],
];
const BUTTONS = [
  ...['MoveForward', 'MoveBackward', 'MoveLeft', 'MoveRight', 'LookLeft', 'LookRight', 'Jump', 'Run'],
  ...['ComfortLeft', 'ComfortRight', 'DropLeft', 'DropRight', 'UseLeft', 'UseRight', 'GrabLeft', 'GrabRight'],
  ...['PanicButton', 'QuickMenuToggleLeft', 'QuickMenuToggleRight', 'Voice'],
];
export const INPUT_NAMES: readonly string[] = [...AXES, ...BUTTONS];
export const INPUT_PREFIX = '/input/';

export const isAxis = (name: string): boolean => AXES.includes(name);

/** One absence of VRChat and what became of the inputs that were held when it began. */
export interface Absence {
  readonly from: number;
  readonly until: number | undefined;
  readonly heldWhenItVanished: Readonly<Record<string, number>>;
  /** Reset to 0 after it was back; what is missing here still moves the avatar. */
  readonly releasedAfterReturn: readonly string[];
}

export interface HeldInputs {
  /** Takes `/input/NAME`; the result says what was pressed or released. */
  input(message: OscMessage): { name: string; pressed: boolean } | undefined;
  /** Inputs that are not 0. */
  held(): Record<string, number>;
  vanished(): void;
  returned(): void;
  absences(): Absence[];
}

export function createHeldInputs(now: () => number, violations: Violations): HeldInputs {
  const values = new Map<string, number>();
  const absences: Absence[] = [];

  const amendLast = (change: (last: Absence) => Partial<Absence>): void => {
    const last = absences.pop();
    if (last) absences.push({ ...last, ...change(last) });
  };
  const noteRelease = (name: string): void =>
    amendLast((last) => {
      const awaited =
        last.until !== undefined && name in last.heldWhenItVanished && !last.releasedAfterReturn.includes(name);
      return awaited ? { releasedAfterReturn: [...last.releasedAfterReturn, name] } : {};
    });
  const held = (): Record<string, number> => Object.fromEntries([...values].filter(([, value]) => value !== 0));

  return {
    input({ address, tags, values: [value] }) {
      const name = address.slice(INPUT_PREFIX.length);
      const wantedTag = isAxis(name) ? 'f' : 'i';
      if (!INPUT_NAMES.includes(name)) {
        violations.add('input_unknown', `VRChat has no input ${name}`);
        return undefined;
      }
      if (tags !== wantedTag || typeof value !== 'number') {
        violations.add('input_wrong_types', `${name} takes ',${wantedTag}', ',${tags}' came`);
        return undefined;
      }
      if (isAxis(name) ? !(Math.abs(value) <= 1) : value !== 0 && value !== 1) {
        violations.add('input_out_of_range', `${name} takes ${isAxis(name) ? '-1 to 1' : '0 or 1'}, ${value} came`);
        return undefined;
      }
      const before = values.get(name) ?? 0;
      values.set(name, value);
      if (value === 0) noteRelease(name);
      return { name, pressed: before === 0 && value !== 0 };
    },
    held,
    vanished: () => {
      absences.push({ from: now(), until: undefined, heldWhenItVanished: held(), releasedAfterReturn: [] });
    },
    returned: () => amendLast(() => ({ until: now() })),
    absences: () => [...absences],
  };
}
