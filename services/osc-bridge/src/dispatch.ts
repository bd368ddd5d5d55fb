import type { LinkWatch } from './link/link-watch.ts';
import type { FromVrchat } from './osc/incoming.ts';
import type { AvatarParameters } from './parameters/avatar-parameters.ts';

export interface DispatchParts {
  readonly watch: Pick<LinkWatch, 'heard' | 'avatarChanged' | 'echoHeard'>;
  readonly parameters: Pick<AvatarParameters, 'heard'>;
  readonly onAvatarChange: (avatarId: string) => void;
  readonly echoParameter: () => string;
  readonly countTooMany: () => void;
}

/** What each message of VRChat tells: that it is there, what its avatar has, whether it applies what it is sent. */
export function createDispatch({ watch, parameters, onAvatarChange, echoParameter, countTooMany }: DispatchParts) {
  return (from: FromVrchat): void => {
    if (from.type === 'avatar_change') {
      watch.avatarChanged();
      onAvatarChange(from.avatarId);
      return;
    }
    if (from.type === 'other') {
      watch.heard();
      return;
    }
    const { name, argument } = from;
    if (!parameters.heard(name, argument)) countTooMany();
    if (name === echoParameter() && argument.type === 'boolean') watch.echoHeard(argument.value);
    else watch.heard();
  };
}
