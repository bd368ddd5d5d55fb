import type { Violations } from '../record/violations.ts';
import { PARAMETERS_PREFIX } from './avatar.ts';
import type { Chatbox } from './chatbox.ts';
import { type HeldInputs, INPUT_PREFIX } from './held-inputs.ts';
import type { OscMessage } from './osc-datagram.ts';
import { UnknownAvatarError, type WornAvatar } from './worn-avatar.ts';

interface Receivers {
  readonly chatbox: Chatbox;
  readonly inputs: HeldInputs;
  readonly avatar: WornAvatar;
  readonly violations: Violations;
}

/** Takes each received message to the part of VRChat that it is for. */
export function createReceivedRouter({
  chatbox,
  inputs,
  avatar,
  violations,
}: Receivers): (message: OscMessage) => void {
  const input = (message: OscMessage): void => {
    const changed = inputs.input(message);
    // With "Toggle Voice" on, as by default, pressing Voice mutes and unmutes.
    if (changed?.name === 'Voice' && changed.pressed) avatar.set('MuteSelf', avatar.values().get('MuteSelf') !== true);
  };
  const changeAvatar = ({ values: [avatarId] }: OscMessage): void => {
    try {
      avatar.change(String(avatarId));
    } catch (error) {
      if (!(error instanceof UnknownAvatarError)) throw error;
      violations.add('avatar_unknown', error.message);
    }
  };
  const tracking = ({ address, tags }: OscMessage): void => {
    if (!/^f+$/.test(tags)) violations.add('tracking_wrong_types', `${address} takes floats, ',${tags}' came`);
  };
  const routes: readonly [address: string, take: (message: OscMessage) => void][] = [
    ['/chatbox/input', chatbox.input],
    ['/chatbox/typing', chatbox.typing],
    ['/avatar/change', changeAvatar],
    [PARAMETERS_PREFIX, avatar.write],
    [INPUT_PREFIX, input],
    ['/tracking/', tracking],
  ];

  return (message) => {
    const route = routes.find(([address]) =>
      address.endsWith('/') ? message.address.startsWith(address) : message.address === address,
    );
    if (route) route[1](message);
    else violations.add('address_unknown', `VRChat has no ${message.address}`);
  };
}
