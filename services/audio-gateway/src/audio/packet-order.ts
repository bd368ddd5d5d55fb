/** What one packet lets through, oldest first; `lost` packets were missing right before it. */
export interface InOrder<Packet> {
  readonly packet: Packet;
  readonly lost: number;
}

export type Arrival<Packet> =
  | { readonly type: 'accepted'; readonly ready: readonly InOrder<Packet>[] }
  | { readonly type: 'duplicate' }
  | { readonly type: 'late' };

export interface PacketOrder<Packet> {
  /** @param counter u32, +1 per packet */
  push(counter: number, packet: Packet): Arrival<Packet>;
}

/** A gap is waited for until so many later packets are there: 85 ms of 256 samples at 48 kHz. */
const MAX_HELD = 16;
/** So many packets from the past in a row: the sender was started again. A jump so far ahead is no loss either. */
const RESTART_AFTER_LATE = 16;
const RESTART_JUMP = 1024;
/** So many packets are remembered, to tell one that came twice from one that came too late. */
const REMEMBERED = 64;
const U32 = 2 ** 32;

/** A small jitter buffer: puts packets of one stream in order. What comes in order passes without delay. */
export function createPacketOrder<Packet>(): PacketOrder<Packet> {
  let expected: number | undefined;
  let lateInARow = 0;
  const held = new Map<number, Packet>();
  /** By the counter's low bits. */
  const arrived: (number | undefined)[] = Array.from({ length: REMEMBERED });
  const ahead = (counter: number): number => (counter - (expected ?? counter) + U32) % U32;

  const restart = (counter: number) => {
    held.clear();
    arrived.fill(undefined);
    expected = counter;
    lateInARow = 0;
  };

  const release = (): InOrder<Packet>[] => {
    const ready: InOrder<Packet>[] = [];
    let lost = 0;
    while (held.size > 0) {
      const next = expected ?? 0;
      const packet = held.get(next);
      if (packet === undefined) {
        const isWaitedFor = lost === 0 && held.size < MAX_HELD;
        if (isWaitedFor) break;
        lost += 1;
      } else {
        held.delete(next);
        ready.push({ packet, lost });
        lost = 0;
      }
      expected = (next + 1) % U32;
    }
    return ready;
  };

  return {
    push(counter, packet) {
      if (expected === undefined) restart(counter);
      const distance = ahead(counter);
      if (distance >= U32 / 2) {
        lateInARow += 1;
        if (lateInARow < RESTART_AFTER_LATE && distance >= U32 - RESTART_JUMP) {
          return { type: arrived[counter % REMEMBERED] === counter ? 'duplicate' : 'late' };
        }
        restart(counter);
      } else if (distance > RESTART_JUMP) restart(counter);
      else if (held.has(counter)) return { type: 'duplicate' };
      lateInARow = 0;
      arrived[counter % REMEMBERED] = counter;
      held.set(counter, packet);
      return { type: 'accepted', ready: release() };
    },
  };
}
