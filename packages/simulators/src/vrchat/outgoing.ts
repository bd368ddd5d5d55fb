import type { FaultBoard } from '../faults/fault-board.ts';
import { MALFORMED_DATAGRAMS } from './malformed-datagrams.ts';
import { encodeOsc } from './osc-datagram.ts';
import type { OscLink } from './osc-link.ts';
import { type Activity, playerMotion } from './player-motion.ts';
import type { WornAvatar } from './worn-avatar.ts';

const TICK_MS = 50;
const FLOOD_PER_SECOND = 1000;
/** A flood ends by itself after so many messages: a forgotten fault must not fill the machine. */
const FLOOD_LIMIT = 60_000;
/** Late timers are caught up, a stalled process does not answer with a burst of thousands. */
const FLOOD_PER_TICK_LIMIT = 200;

interface OutgoingParts {
  readonly link: OscLink;
  readonly avatar: WornAvatar;
  readonly faults: FaultBoard;
  readonly now: () => number;
}

/** Everything that the game sends by itself, by the clock. */
export function createOutgoing({ link, avatar, faults, now }: OutgoingParts) {
  let activity: Activity = 'active';
  let speaking = false;
  let sent = 0;
  let tick = 0;
  let flooded = 0;
  let lastTickAt = now();
  let ticking: NodeJS.Timeout | undefined;

  const send = (datagram: Buffer): void => {
    if (!link.isOpen() || faults.holds('osc_disabled') || faults.holds('osc_sends_lost')) return;
    link.send(datagram);
    sent += 1;
  };

  const move = (): void => {
    for (const [name, value] of Object.entries(playerMotion(tick, speaking))) avatar.set(name, value);
  };
  // What a physics bone of an avatar does: three parameters that never rest.
  const flood = (elapsedMs: number): void => {
    const due = Math.min(
      FLOOD_PER_TICK_LIMIT,
      Math.round((elapsedMs * FLOOD_PER_SECOND) / 1000),
      FLOOD_LIMIT - flooded,
    );
    for (let index = 0; index < due; index += 1) {
      const name = ['Tail_Angle', 'Tail_Stretch', 'Tail_Squish'][index % 3];
      send(encodeOsc(`/avatar/parameters/${name}`, { type: 'float', value: ((flooded + index) % 997) / 997 }));
    }
    flooded += due;
  };

  const step = (): void => {
    tick += 1;
    const at = now();
    const elapsedMs = at - lastTickAt;
    lastTickAt = at;
    if (activity === 'active' && link.isOpen()) move();
    if (faults.holds('osc_garbage')) send(MALFORMED_DATAGRAMS[tick % MALFORMED_DATAGRAMS.length] ?? Buffer.alloc(0));
    if (faults.holds('osc_flood')) flood(elapsedMs);
    else flooded = 0;
  };

  return {
    send,
    sent: () => sent,
    activity: () => activity,
    speaking: () => speaking,
    setActivity: (wanted: Activity) => {
      activity = wanted;
    },
    setSpeaking: (wanted: boolean) => {
      speaking = wanted;
    },
    start: () => {
      lastTickAt = now();
      ticking = setInterval(step, TICK_MS);
    },
    stop: () => clearInterval(ticking),
  };
}
