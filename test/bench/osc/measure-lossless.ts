import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { highestLossless, type Passage } from './highest-lossless.ts';

const TICK_MS = 2;
/** A count that has not moved for so long does not move any more. */
const SETTLED_MS = 300;

/** One way of messages from end to end. */
export interface Way {
  /** Offers so many messages at the rate (messages per second). @returns how many milliseconds it took */
  readonly offer: (rate: number, count: number) => Promise<number>;
  /** How many have arrived so far. */
  readonly arrived: () => number | Promise<number>;
}

export interface Offers {
  /** Messages per second, rising. */
  readonly rates: readonly number[];
  /** How long each is offered. */
  readonly seconds: number;
}

export interface Lossless {
  /** The fastest; undefined when every rate lost something. */
  readonly best: Passage | undefined;
  /** Share of this thread's time that the last passage without loss took. */
  readonly busy: number;
}

/** Offers a rate after the other, as long as nothing is lost. */
export async function measureLossless({ rates, seconds }: Offers, { offer, arrived }: Way): Promise<Lossless> {
  let busy = 0;
  const best = await highestLossless(rates, async (rate) => {
    const before = await arrived();
    const offered = Math.ceil(rate * seconds);
    const begin = performance.eventLoopUtilization();
    const tookMs = await offer(rate, offered);
    const { utilization } = performance.eventLoopUtilization(begin);
    const came = (await settled(arrived, before + offered)) - before;
    if (came === offered) busy = utilization;
    return { offered, arrived: came, perSecond: offered / (tookMs / 1000) };
  });
  return { best, busy };
}

/** Calls `send` `count` times at the rate. @returns how many milliseconds it took */
export async function paced(rate: number, count: number, send: (index: number) => Promise<unknown>): Promise<number> {
  const beganAt = performance.now();
  for (let sent = 0; sent < count; ) {
    const due = Math.min(count, Math.ceil(((performance.now() - beganAt) * rate) / 1000));
    const batch: Promise<unknown>[] = [];
    for (; sent < due; sent += 1) batch.push(send(sent));
    await Promise.all(batch);
    await delay(TICK_MS);
  }
  return performance.now() - beganAt;
}

/** @returns the count when it is `wanted`, or what it is when it stands still */
async function settled(count: Way['arrived'], wanted: number): Promise<number> {
  let last = await count();
  for (let movedAt = performance.now(); last < wanted && performance.now() - movedAt < SETTLED_MS; ) {
    await delay(10);
    const now = await count();
    if (now !== last) movedAt = performance.now();
    last = now;
  }
  return last;
}
