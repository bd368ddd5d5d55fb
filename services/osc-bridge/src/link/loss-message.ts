import type { LossReason } from './link.ts';

export interface LossFacts {
  readonly target: string;
  readonly receivePort: number;
  readonly echoParameter: string;
}

const MESSAGES: Record<LossReason, (facts: LossFacts) => string> = {
  no_answer: ({ target, receivePort, echoParameter }) =>
    `VRChat at ${target} sends nothing to UDP port ${receivePort} and does not echo ${echoParameter}; start VRChat, or switch OSC on (Action Menu > Options > OSC > Enabled)`,
  vrchat_gone: ({ target }) =>
    `VRChat is not running: nobody answers OSCQuery, and OSC to ${target} brings nothing back; start VRChat`,
  osc_off: ({ target, echoParameter }) =>
    `VRChat runs (OSCQuery answers) but does not apply OSC at ${target}: ${echoParameter} did not change; switch OSC on (Action Menu > Options > OSC > Enabled), or rejoin the world`,
};

export const lossMessage = (reason: LossReason, facts: LossFacts): string => MESSAGES[reason](facts);
