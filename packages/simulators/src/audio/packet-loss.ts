/** What a receiver learns from the frame counters of one stream. */
export interface PacketLoss {
  /** Next counter expected; `undefined` before the first packet. */
  readonly expected: number | undefined;
  readonly received: number;
  readonly lost: number;
  readonly outOfOrder: number;
  /** The sender began again with another counter. */
  readonly restarts: number;
}

export const NO_PACKETS: PacketLoss = { expected: undefined, received: 0, lost: 0, outOfOrder: 0, restarts: 0 };

const WRAP = 2 ** 32;
/** A counter further away than this (5 s at 48 kHz) is a restarted sender, not loss. */
const MAX_JUMP = 1000;

/**
 * Takes the next packet's counter. `missing` packets lie between the last one and this one;
 * a `late` packet was counted as lost before and is not to be played any more.
 */
export function trackPacket(loss: PacketLoss, counter: number): { loss: PacketLoss; missing: number; late: boolean } {
  const received = loss.received + 1;
  const expected = (counter + 1) % WRAP;
  const gap = loss.expected === undefined ? 0 : (counter - loss.expected + WRAP) % WRAP;
  if (gap < MAX_JUMP) {
    return { loss: { ...loss, expected, received, lost: loss.lost + gap }, missing: gap, late: false };
  }
  if (WRAP - gap < MAX_JUMP) {
    const late = { ...loss, received, lost: Math.max(0, loss.lost - 1), outOfOrder: loss.outOfOrder + 1 };
    return { loss: late, missing: 0, late: true };
  }
  return { loss: { ...loss, expected, received, restarts: loss.restarts + 1 }, missing: 0, late: false };
}
