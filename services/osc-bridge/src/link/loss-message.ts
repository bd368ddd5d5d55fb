import type { LossReason, Witness } from './link.ts';

export interface LossFacts {
  readonly target: string;
  readonly receivePort: number;
  readonly echoParameter: string;
  /** The bridge is one of the stack's containers: Docker publishes the port for it. */
  readonly inContainer: boolean;
  /** Where VRChat says that it receives, when that is another port than the operator's. */
  readonly advertisedPort?: number;
}

const SWITCH_ON = 'switch OSC on (Action Menu > Options > OSC > Enabled)';
/** Nobody is told when it does so (docker/desktop-feedback#579, docker/for-win#14435). */
const RESTART =
  'run `docker compose restart osc-bridge`, since Docker Desktop may have stopped listening at the UDP port that it still lists';

const GONE: Record<Witness, string> = {
  oscquery: 'nobody answers OSCQuery',
  log: 'its log ends with its quitting',
  nothing: 'it gives no sign',
};
const RUNS: Record<Witness, string> = {
  oscquery: 'OSCQuery answers',
  log: 'its log grows',
  nothing: 'it was seen',
};

const MESSAGES: Record<LossReason, (facts: LossFacts, by: Witness) => string> = {
  no_answer: ({ target, receivePort, echoParameter, inContainer }) =>
    `VRChat at ${target} sends nothing to UDP port ${receivePort} and does not echo ${echoParameter}; start VRChat, or ${SWITCH_ON}${inContainer ? `; if both are so, ${RESTART}` : ''}`,
  vrchat_gone: ({ target }, by) =>
    `VRChat is not running: ${GONE[by]}, and OSC to ${target} brings nothing back; start VRChat`,
  osc_off: ({ target, receivePort, echoParameter }, by) =>
    `VRChat runs (${RUNS[by]}) but does not apply OSC at ${target}: ${echoParameter} did not change; ${SWITCH_ON}, rejoin the world, or see whether a VPN or firewall keeps ${target} or UDP port ${receivePort} from it`,
};

/** VRChat announces 9000 even when it was started with another port (OyasumiVR#71), so the operator's port is used. */
const portNote = ({ advertisedPort }: LossFacts): string =>
  advertisedPort === undefined
    ? ''
    : `; VRChat says that it receives at UDP port ${advertisedPort}: if that is so, set vrchat.send_port to it`;

/** VRChat does what it is sent, but is not heard. */
export const unheardMessage = ({ target, receivePort, echoParameter, inContainer }: LossFacts): string =>
  `VRChat does what ${target} is sent (OSCQuery shows that ${echoParameter} changes), but nothing that it sends arrives at UDP port ${receivePort}; ${inContainer ? `${RESTART}, or ` : ''}let this port through the firewall, or start VRChat with an --osc= that ends in it (9000:ADDRESS-OF-THIS-MACHINE:${receivePort})`;

/** VRChat sends, but does not do what it is sent. */
export const staleMessage = (facts: LossFacts): string =>
  `VRChat sends, but does not apply what ${facts.target} is sent: ${facts.echoParameter} does not change; rejoin the world, or reset the OSC configuration in the Action Menu${portNote(facts)}`;

export const lossMessage = (reason: LossReason, by: Witness, facts: LossFacts): string =>
  MESSAGES[reason](facts, by) + portNote(facts);
