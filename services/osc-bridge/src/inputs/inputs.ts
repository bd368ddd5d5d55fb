import { ServiceError } from '@understudy/shared/errors';
import type { OscMessage } from '../osc/osc-message.ts';
import type { SteadyNow } from '../steady-time.ts';
import type { EverHeldFile } from './ever-held-file.ts';
import { expireLeases, holdInput, NOTHING_HELD, releaseAll, takeReleases } from './held-inputs.ts';
import { type InputName, inputMessage } from './input-table.ts';

export interface InputsParts {
  readonly now: SteadyNow;
  readonly leaseMs: () => number;
  readonly everHeld: EverHeldFile;
  readonly send: (message: OscMessage) => Promise<boolean>;
  readonly report: (error: ServiceError) => void;
}

/** VRChat's movement inputs. VRChat never times them out, so every one that is pressed has a lease here. */
export interface Inputs {
  /**
   * Presses, renews or (0) releases.
   * @returns for how many milliseconds it is held from now
   */
  hold(name: InputName, value: number, durationMs?: number): Promise<number>;
  /** Owes a release for all that is held. @returns how many were held */
  releaseAll(): number;
  /** Owes a release for all that was ever held, also by an earlier process. */
  releaseEverHeld(): void;
  /** Ends leases; sends what is owed where VRChat can be reached, else keeps it owed. */
  beat(isReachable: boolean): void;
  isIdle(): boolean;
  /** Releases now. */
  finish(): Promise<void>;
}

export function createInputs({ now, leaseMs, everHeld, send, report }: InputsParts): Inputs {
  let inputs = releaseAll(NOTHING_HELD, everHeld.read());

  const sendReleases = (): Promise<unknown> => {
    const taken = takeReleases(inputs);
    inputs = taken.inputs;
    return Promise.all(taken.releases.map((name) => send(inputMessage(name, 0))));
  };

  return {
    async hold(name, value, durationMs) {
      if (value !== 0) everHeld.add(name);
      const at = now();
      inputs = holdInput(inputs, name, value, { now: at, durationMs, leaseMs: leaseMs() });
      await send(inputMessage(name, value));
      return Math.max(0, (inputs.held.get(name)?.until ?? at) - at);
    },
    releaseAll() {
      const held = inputs.held.size;
      inputs = releaseAll(inputs);
      return held;
    },
    releaseEverHeld() {
      inputs = releaseAll(inputs, everHeld.read());
    },
    beat(isReachable) {
      const expired = expireLeases(inputs, now());
      inputs = expired.inputs;
      for (const name of expired.overdue) {
        const message = `${name} was held for ${leaseMs()} ms (vrchat.input_lease_ms) without being renewed or released; it was released`;
        report(new ServiceError('OSC_INPUT_HELD', message, { subject: name, capability: 'act' }));
      }
      if (isReachable) void sendReleases();
    },
    isIdle: () => inputs.held.size === 0,
    async finish() {
      inputs = releaseAll(inputs);
      await sendReleases();
    },
  };
}
