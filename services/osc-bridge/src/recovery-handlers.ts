import type { CommandHandlers, Probe, ProbeResult } from '@understudy/shared/service';

export interface RecoveryActions {
  /** Both sockets anew, inputs released, link proven. */
  readonly reconnect: (signal: AbortSignal) => Promise<ProbeResult>;
  /** @returns how many inputs were held */
  readonly releaseInputs: () => number;
  /** @param mustHear a message of VRChat must arrive: OSCQuery's word is not enough */
  readonly proveLink: (signal: AbortSignal, mustHear: boolean) => Promise<ProbeResult>;
  /** Where it sends and listens now, as the subjects of its errors say it. */
  readonly addresses: () => readonly string[];
}

export const createCommandHandlers = ({
  reconnect,
  releaseInputs,
}: RecoveryActions): CommandHandlers<'osc-bridge'> => ({
  reconnect: (_args, signal) => reconnect(signal),
  'release-inputs': async () => {
    const held = releaseInputs();
    return { ok: true, detail: `${held} held inputs released`, data: { held } };
  },
});

const isAddress = (subject: string): boolean => /:\d+$/.test(subject);

export const createProbes = ({ proveLink, addresses }: RecoveryActions): { 'osc-echo': Probe } => ({
  async 'osc-echo'(subject, signal) {
    const known = addresses();
    if (subject !== undefined && isAddress(subject) && !known.includes(subject))
      return { ok: false, gone: true, detail: `${subject} is not in vrchat any more; it has ${known.join(', ')}` };
    return proveLink(signal, subject?.startsWith('udp:') ?? false);
  },
});
