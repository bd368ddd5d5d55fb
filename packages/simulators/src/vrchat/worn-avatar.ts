import type { Violations } from '../record/violations.ts';
import {
  type Avatar,
  BUILT_IN_PARAMETERS,
  initialValues,
  judgeParameterWrite,
  PARAMETERS_PREFIX,
  type ParameterValue,
  toArgument,
} from './avatar.ts';
import type { OscArgument, OscMessage } from './osc-datagram.ts';

export class UnknownAvatarError extends Error {
  override readonly name = 'UnknownAvatarError';
  readonly code = 'SIMULATOR_UNKNOWN_AVATAR';
}

/** The avatar that is worn now and the values of its parameters. */
export interface WornAvatar {
  worn(): Avatar;
  values(): ReadonlyMap<string, ParameterValue>;
  /** Loads the worn avatar anew: all values as at first, and `/avatar/change` goes out. */
  load(): void;
  /** @throws UnknownAvatarError */
  change(avatarId: string): void;
  /** A write from outside, `/avatar/parameters/NAME`. */
  write(message: OscMessage): void;
  /** A change by the game itself. Parameters go out as they change, not otherwise. */
  set(name: string, value: ParameterValue): void;
}

type Send = (address: string, ...args: readonly OscArgument[]) => void;

export function createWornAvatar(
  avatars: readonly [Avatar, ...Avatar[]],
  send: Send,
  violations: Violations,
): WornAvatar {
  let worn = avatars[0];
  let values = initialValues(worn);

  const load = (): void => {
    values = initialValues(worn);
    send('/avatar/change', { type: 'string', value: worn.id });
  };
  const set = (name: string, value: ParameterValue): void => {
    const type = worn.parameters[name] ?? BUILT_IN_PARAMETERS[name];
    if (type === undefined || values.get(name) === value) return;
    values.set(name, value);
    send(PARAMETERS_PREFIX + name, toArgument(type, value));
  };

  return {
    worn: () => worn,
    values: () => values,
    load,
    set,
    change(avatarId) {
      const next = avatars.find(({ id }) => id === avatarId);
      if (!next) {
        throw new UnknownAvatarError(
          `There is no avatar '${avatarId}'. Known: ${avatars.map(({ id }) => id).join(', ')}.`,
        );
      }
      worn = next;
      load();
    },
    write(message) {
      const judged = judgeParameterWrite(worn, message);
      if (judged.type === 'accepted') set(judged.name, judged.value);
      else violations.add(judged.rule, judged.detail);
    },
  };
}
