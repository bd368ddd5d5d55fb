/** A sender's own clock: how many packets are due. Paced by elapsed time, so that a late timer never slows the stream down. */
export interface PacketPace {
  /** Packets to send now, `nowMs` being any monotonic clock. */
  due(nowMs: number): number;
}

/**
 * A device that was stalled for longer than this goes on where it was. Node takes 32 datagrams from a socket at a time:
 * a larger burst of several devices would overflow the receiver's buffer on a machine that is busy anyway.
 */
const MAX_CATCH_UP_MS = 50;

/** @param speed of the device's clock: 1 is right, 1.02 is 2 % fast. */
export function createPacketPace(packetMs: number, speed: () => number = () => 1): PacketPace {
  let lastMs: number | undefined;
  let owedMs = 0;
  return {
    due(nowMs) {
      owedMs = Math.min(MAX_CATCH_UP_MS, owedMs + (nowMs - (lastMs ?? nowMs)) * speed());
      lastMs = nowMs;
      const packets = Math.floor(owedMs / packetMs);
      owedMs -= packets * packetMs;
      return packets;
    },
  };
}
