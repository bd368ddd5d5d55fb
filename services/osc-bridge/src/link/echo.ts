import { setImmediate as socketsRead } from 'node:timers/promises';
import type { Clock } from '@understudy/shared/service';
import { bool, message, type OscMessage } from '../osc/osc-message.ts';
import type { OscQuery, OscQueryAnswer } from '../osc-query/osc-query.ts';
import { parameterAddress } from '../parameters/parameter-outbox.ts';
import type { ListedParameter } from './link.ts';

/** `by` says who confirmed: VRChat's own message, or the value that OSCQuery shows. */
export type EchoResult =
  | { readonly proven: true; readonly by: 'echo' | 'oscquery' }
  | {
      readonly proven: false;
      /** What OSCQuery says of VRChat. */
      readonly peer: OscQueryAnswer['peer'];
      readonly parameter: ListedParameter;
      /** OSCQuery shows what was asked for, but not whether that is a change: the next question decides. */
      readonly undecided?: true;
    };

export interface EchoParts {
  readonly clock: Clock;
  readonly parameter: () => string;
  readonly timeoutMs: () => number;
  readonly send: (message: OscMessage) => Promise<boolean>;
  readonly oscQuery: Pick<OscQuery, 'ask'>;
  /** Has the avatar the parameter, where OSCQuery cannot be asked? */
  readonly listed: () => ListedParameter;
  /** Milliseconds from asking to the echo, also of one that came too late. */
  readonly onRoundTrip: (ms: number) => void;
}

/** Toggles a bool of the avatar that is there for nothing else; VRChat sends a parameter when it changes. */
export interface Echo {
  /** One at a time. */
  ask(signal: AbortSignal): Promise<EchoResult>;
  /** The parameter arrived from VRChat. @returns whether it is the answer that is waited for */
  heard(value: boolean): boolean;
  /** What the parameter is now, from elsewhere: setting what is set already would echo nothing. */
  learn(value: boolean): void;
}

export function createEcho(parts: EchoParts): Echo {
  const { clock, parameter, timeoutMs, send, oscQuery, listed, onRoundTrip } = parts;
  /** What it was set to last, or what VRChat said last. */
  let value = false;
  /** What VRChat said last; undefined before it said anything. */
  let confirmed: boolean | undefined;
  /** What was asked in vain last time. */
  let inVain: boolean | undefined;
  /** The last question, until it is answered or the next is asked. */
  let asked: { readonly expected: boolean; readonly at: number } | undefined;
  let waiting: { readonly expected: boolean; readonly arrived: () => void } | undefined;

  const arrives = async (expected: boolean, signal: AbortSignal): Promise<boolean> => {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const arrived = new Promise<boolean>((resolve) => {
      waiting = { expected, arrived: () => resolve(true) };
    });
    // A process that was kept from running finds its timer over first, and the echo that came in time still waits in the socket.
    const late = clock.sleep(timeoutMs(), either).then(
      () => socketsRead(false),
      () => false,
    );
    const sent = await send(message(parameterAddress(parameter()), bool(expected)));
    const result = sent ? await Promise.race([arrived, late]) : false;
    over.abort();
    waiting = undefined;
    return result;
  };

  const confirm = (by: boolean): void => {
    value = by;
    confirmed = by;
  };
  const judge = (answer: OscQueryAnswer, expected: boolean): EchoResult => {
    if (answer.peer !== 'runs') return { proven: false, peer: answer.peer, parameter: listed() };
    const shown = answer.parameters.get(parameter())?.value;
    // Only a change proves something: the value that it had before our message says nothing of that message.
    const changed = shown === expected && confirmed === !expected;
    const isFirst = confirmed === undefined;
    // Until a parameter changes OSCQuery shows false, whatever it is (vrc-oscquery-lib#61): not believed for ever.
    const believed = shown === expected || inVain !== expected;
    if (typeof shown === 'boolean' && believed) confirm(shown);
    inVain = believed && !changed ? expected : undefined;
    if (changed) return { proven: true, by: 'oscquery' };
    if (isFirst && shown === expected) return { proven: false, peer: 'runs', parameter: 'present', undecided: true };
    return { proven: false, peer: 'runs', parameter: answer.parameters.has(parameter()) ? 'present' : 'absent' };
  };

  return {
    async ask(signal) {
      const expected = !value;
      value = expected;
      asked = { expected, at: clock.now() };
      if (await arrives(expected, signal)) return { proven: true, by: 'echo' };
      return judge(await oscQuery.ask(signal), expected);
    },
    heard(arrived) {
      if (asked?.expected === arrived) {
        onRoundTrip(clock.now() - asked.at);
        asked = undefined;
      }
      const answers = waiting?.expected === arrived;
      confirm(arrived);
      if (answers) waiting?.arrived();
      return answers;
    },
    learn(known) {
      if (!waiting) confirm(known);
    },
  };
}
