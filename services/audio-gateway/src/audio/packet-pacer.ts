/** When the packets of a live stream are due: by elapsed time, so that a late timer never slows the stream down. */
export interface PacketPacer {
  /** Packets to send now. The first call begins the stream with one packet. */
  due(nowMs: number): number;
  /** Nothing was there to send: the stream goes on from the next call, without a burst for the time that is missing. */
  pause(): void;
}

/** After a longer stall the past is not sent: a receiver's buffer would overflow. */
const MAX_BURST_MS = 200;

export function createPacketPacer(packetMs: number): PacketPacer {
  let nextAt: number | undefined;
  return {
    due(nowMs) {
      // Also a clock that is set back must not hold the stream.
      nextAt = Math.min(Math.max(nextAt ?? nowMs, nowMs - MAX_BURST_MS), nowMs + packetMs);
      const packets = Math.max(0, Math.floor((nowMs - nextAt) / packetMs) + 1);
      nextAt += packets * packetMs;
      return packets;
    },
    pause() {
      nextAt = undefined;
    },
  };
}
