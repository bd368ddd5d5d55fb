import type { CommandHandlers, Probe, ProbeResult } from '@understudy/shared/service';

export interface RecoveryActions {
  /** Both sockets anew, inputs released, link proven. */
  readonly reconnect: (signal: AbortSignal) => Promise<ProbeResult>;
  /** @returns how many inputs were held */
  readonly releaseInputs: () => number;
  readonly proveLink: (signal: AbortSignal) => Promise<ProbeResult>;
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

export const createProbes = ({ proveLink }: RecoveryActions): { 'osc-echo': Probe } => ({
  'osc-echo': (_subject, signal) => proveLink(signal),
});
