import { type ActiveFault, createFaultBoard, sameTargets } from '../faults/fault-board.ts';
import { faultsOf } from '../faults/fault-table.ts';
import { createBoundedLog } from '../record/bounded-log.ts';
import { monotonicNow } from '../record/clock.ts';
import { createViolations, type Violation } from '../record/violations.ts';
import type { Simulator } from '../simulator.ts';
import { LOOPBACK } from '../sockets/loopback.ts';
import { type Avatar, DEMO_AVATARS, type ParameterValue } from './avatar.ts';
import { type ChatboxState, createChatbox } from './chatbox.ts';
import { type Absence, createHeldInputs } from './held-inputs.ts';
import { encodeOsc, type OscMessage, readOscDatagram } from './osc-datagram.ts';
import { createOscLink } from './osc-link.ts';
import { createOscQueryServer } from './osc-query-server.ts';
import { createOutgoing } from './outgoing.ts';
import type { Activity } from './player-motion.ts';
import { createReceivedRouter } from './received-router.ts';
import { createWornAvatar } from './worn-avatar.ts';

export interface VrchatOptions {
  /** UDP, VRChat's 9000; 0 takes any free one. */
  readonly receivePort: number;
  /** Where VRChat sends, its 127.0.0.1:9001. */
  readonly sendTo: { readonly host: string; readonly port: number };
  /** HTTP; without it no OSCQuery is served. */
  readonly oscQueryPort?: number;
  /** What OSCQuery says that `receivePort` is: VRChat says 9000 also when it was started with another (OyasumiVR#71). */
  readonly advertisedOscPort?: number;
  /** The first is worn at the start. */
  readonly avatars?: readonly [Avatar, ...Avatar[]];
  readonly host?: string;
  /** Epoch milliseconds, monotonic. */
  readonly now?: () => number;
}

export interface VrchatState {
  readonly receivePort: number;
  readonly oscQueryPort: number | undefined;
  readonly listening: boolean;
  readonly activity: Activity;
  readonly speaking: boolean;
  readonly avatarId: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly chatbox: ChatboxState;
  /** Inputs that are not 0 now. */
  readonly heldInputs: Readonly<Record<string, number>>;
  readonly absences: readonly Absence[];
  readonly muted: boolean;
  readonly messagesReceived: number;
  readonly messagesSent: number;
  /** The newest messages that were received, with their type tags. */
  readonly received: readonly (OscMessage & { readonly at: number })[];
  readonly violations: readonly Violation[];
  readonly faults: readonly ActiveFault[];
}

export { UnknownAvatarError } from './worn-avatar.ts';

export interface Vrchat extends Simulator<VrchatState> {
  setActivity(activity: Activity): void;
  /** Somebody's voice reaches the game's microphone (the bot's own speech): Viseme and Voice follow. */
  setSpeaking(speaking: boolean): void;
  /** @throws UnknownAvatarError */
  switchAvatar(avatarId: string): void;
}

const KEPT_MESSAGES = 500;

/** Starts a VRChat client that is logged in, with OSC enabled. @throws PortUnavailableError */
export async function startVrchat(options: VrchatOptions): Promise<Vrchat> {
  const { host = LOOPBACK, now = monotonicNow, avatars = DEMO_AVATARS } = options;
  const violations = createViolations(now);
  let closed = false;
  const received = createBoundedLog<OscMessage & { at: number }>(KEPT_MESSAGES);
  const chatbox = createChatbox(now, violations);
  const inputs = createHeldInputs(now, violations);
  const faults = createFaultBoard({
    targets: sameTargets(faultsOf('vrchat'), []),
    onChange: () => {
      settle().catch((error: Error) => violations.add('port', error.message));
    },
  });

  const hears = (): boolean => !faults.holds('osc_disabled');
  const avatar = createWornAvatar(
    avatars,
    (address, ...args) => outgoing.send(encodeOsc(address, ...args)),
    violations,
  );
  const route = createReceivedRouter({ chatbox, inputs, avatar, violations });
  const link = createOscLink({
    host,
    receivePort: options.receivePort,
    oscQueryPort: options.oscQueryPort,
    sendTo: options.sendTo,
    receive(datagram) {
      if (!hears()) return;
      const read = readOscDatagram(datagram);
      if (read.type === 'malformed') return violations.add('osc_malformed', read.reason);
      for (const message of read.messages) {
        received.push({ ...message, at: now() });
        if (!faults.holds('osc_writes_ignored')) route(message);
      }
    },
    createOscQueryServer: () =>
      createOscQueryServer(
        () => ({
          avatar: avatar.worn(),
          values: avatar.values(),
          oscPort: options.advertisedOscPort ?? link.receivePort(),
        }),
        violations,
      ),
  });
  const outgoing = createOutgoing({ link, avatar, faults, now });

  const settle = async (): Promise<void> => {
    const wanted = !closed && !faults.holds('osc_connection_lost');
    const changed = await link.setOpen(wanted);
    if (!changed || closed) return;
    if (!wanted) return inputs.vanished();
    inputs.returned();
    avatar.load();
  };
  await link.setOpen(true);
  avatar.load();
  outgoing.start();

  return {
    setActivity: outgoing.setActivity,
    setSpeaking: outgoing.setSpeaking,
    switchAvatar: avatar.change,
    state: () => ({
      receivePort: link.receivePort(),
      oscQueryPort: link.oscQueryPort(),
      listening: link.isOpen(),
      activity: outgoing.activity(),
      speaking: outgoing.speaking(),
      avatarId: avatar.worn().id,
      parameters: Object.fromEntries(avatar.values()),
      chatbox: chatbox.state(),
      heldInputs: inputs.held(),
      absences: inputs.absences(),
      muted: avatar.values().get('MuteSelf') === true,
      messagesReceived: received.total(),
      messagesSent: outgoing.sent(),
      received: received.entries(),
      violations: violations.list(),
      faults: faults.active(),
    }),
    applyFault: faults.apply,
    clearFaults: faults.clear,
    async close() {
      closed = true;
      outgoing.stop();
      faults.clear();
      await link.setOpen(false);
    },
  };
}
