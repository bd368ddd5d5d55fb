import { message, type OscMessage } from '../osc/osc-message.ts';
import type { AvatarParameters, ParameterValue } from './avatar-parameters.ts';
import { fitValue, type Unfit } from './fit-value.ts';

/** 80 a second at the most: fast sends are what stops an avatar's updates (vrchat-community/osc#76). */
const PER_BEAT = 8;

const PREFIX = '/avatar/parameters/';
export const parameterAddress = (name: string): string => PREFIX + name;

export interface LeftOut {
  readonly name: string;
  readonly reason: Unfit;
}

/** Avatar parameters that the bot wants; the newest value of each counts. */
export interface ParameterOutbox {
  want(values: Readonly<Record<string, ParameterValue>>): void;
  /** Everything that was wanted has been taken. */
  isEmpty(): boolean;
  /** Everything wanted so far is due again: another avatar, or VRChat was away. */
  resend(): void;
  /** The system did not take it: what is wanted of it then is due again. */
  refused(message: OscMessage): void;
  /** The messages due now, a few at a time, each with the type that the avatar has. */
  take(): { readonly messages: readonly OscMessage[]; readonly leftOut: readonly LeftOut[] };
}

export function createParameterOutbox(parameters: Pick<AvatarParameters, 'lookUp'>): ParameterOutbox {
  const wanted = new Map<string, ParameterValue>();
  const due = new Set<string>();
  return {
    want(values) {
      for (const [name, value] of Object.entries(values)) {
        wanted.set(name, value);
        due.add(name);
      }
    },
    isEmpty: () => due.size === 0,
    resend() {
      for (const name of wanted.keys()) due.add(name);
    },
    refused({ address }) {
      due.add(address.slice(PREFIX.length));
    },
    take() {
      const messages: OscMessage[] = [];
      const leftOut: LeftOut[] = [];
      for (const name of [...due].slice(0, PER_BEAT)) {
        due.delete(name);
        const value = wanted.get(name);
        if (value === undefined) continue;
        const fitted = fitValue(parameters.lookUp(name), value);
        if (fitted.ok) messages.push(message(parameterAddress(name), fitted.argument));
        else leftOut.push({ name, reason: fitted.reason });
      }
      return { messages, leftOut };
    },
  };
}
