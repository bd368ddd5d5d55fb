import type { InputName } from './input-table.ts';

/** A release is told twice: if its one datagram is lost, the avatar walks on for ever. */
export const RELEASE_REPEATS = 2;

export interface Hold {
  /** Steady milliseconds. */
  readonly until: number;
  /** Nobody said for how long: that the lease had to end it is worth a report. */
  readonly openEnded: boolean;
}

/** Pure book of /input/*: what is held and until when, and which releases VRChat must still be told. */
export interface HeldInputs {
  readonly held: ReadonlyMap<InputName, Hold>;
  /** How many times a 0 must still be sent. */
  readonly owed: ReadonlyMap<InputName, number>;
}

export const NOTHING_HELD: HeldInputs = { held: new Map(), owed: new Map() };

const without = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> =>
  new Map([...map].filter(([other]) => other !== key));
const plus = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map([...map, [key, value]]);

/** Owes a release, whether it is held or not. */
export const releaseInput = (inputs: HeldInputs, name: InputName): HeldInputs => ({
  held: without(inputs.held, name),
  owed: plus(inputs.owed, name, RELEASE_REPEATS),
});

/** Presses or renews; 0 releases. @param durationMs undefined: until it is renewed or released, at the longest the lease */
export function holdInput(
  inputs: HeldInputs,
  name: InputName,
  value: number,
  { now, durationMs, leaseMs }: { now: number; durationMs: number | undefined; leaseMs: number },
): HeldInputs {
  if (value === 0) return releaseInput(inputs, name);
  const hold = { until: now + Math.min(durationMs ?? leaseMs, leaseMs), openEnded: durationMs === undefined };
  return { held: plus(inputs.held, name, hold), owed: without(inputs.owed, name) };
}

/** Owes a release for all that is held, and for `names` (those of an earlier process). */
export const releaseAll = (inputs: HeldInputs, names: Iterable<InputName> = []): HeldInputs => ({
  held: new Map(),
  owed: new Map([...inputs.owed.keys(), ...inputs.held.keys(), ...names].map((name) => [name, RELEASE_REPEATS])),
});

/** Ends the leases that are over. @returns `overdue`: inputs that nobody released */
export function expireLeases(inputs: HeldInputs, now: number): { inputs: HeldInputs; overdue: readonly InputName[] } {
  const over = [...inputs.held].filter(([, hold]) => now >= hold.until);
  if (over.length === 0) return { inputs, overdue: [] };
  const ended = new Set(over.map(([name]) => name));
  return {
    inputs: {
      held: new Map([...inputs.held].filter(([name]) => !ended.has(name))),
      owed: new Map([...inputs.owed, ...over.map(([name]) => [name, RELEASE_REPEATS] as const)]),
    },
    overdue: over.filter(([, hold]) => hold.openEnded).map(([name]) => name),
  };
}

/** The releases to send now; each is taken off once. */
export const takeReleases = ({ held, owed }: HeldInputs): { inputs: HeldInputs; releases: readonly InputName[] } => ({
  inputs: {
    held,
    owed: new Map([...owed].map(([name, times]) => [name, times - 1] as const).filter(([, times]) => times > 0)),
  },
  releases: [...owed.keys()],
});
