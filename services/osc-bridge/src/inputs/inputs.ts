import { ServiceError } from '@understudy/shared/errors';
import type { OscMessage } from '../osc/osc-message.ts';
import type { SteadyNow } from '../steady-time.ts';
import type { EverHeldFile } from './ever-held-file.ts';
import {
  expireLeases,
  holdInput,
  NOTHING_HELD,
  RELEASE_REPEATS,
  releaseAll,
  releaseInput,
  takeReleases,
} from './held-inputs.ts';
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
   * @returns for how many milliseconds it is held from now; undefined when it could not be pressed
   */
  hold(name: InputName, value: number, durationMs?: number): Promise<number | undefined>;
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

  const release = async (name: InputName): Promise<void> => {
    const isSent = await send(inputMessage(name, 0));
    if (!isSent && !inputs.held.has(name)) inputs = releaseInput(inputs, name);
  };
  const sendReleases = (): Promise<unknown> => {
    const taken = takeReleases(inputs);
    inputs = taken.inputs;
    return Promise.all(taken.releases.map(release));
  };

  return {
    async hold(name, value, durationMs) {
      if (value !== 0) everHeld.add(name);
      const at = now();
      inputs = holdInput(inputs, name, value, { now: at, durationMs, leaseMs: leaseMs() });
      const sent = await send(inputMessage(name, value));
      if (sent || value === 0) return Math.round(Math.max(0, (inputs.held.get(name)?.until ?? at) - at));
      // The system refused it; what it may have taken all the same is released.
      inputs = releaseInput(inputs, name);
      return undefined;
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
      for (let told = 0; told < RELEASE_REPEATS; told += 1) await sendReleases();
    },
  };
}
