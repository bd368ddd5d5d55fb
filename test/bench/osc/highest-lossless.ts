/** What became of a stream of messages that was offered at one rate. */
export interface Passage {
  readonly offered: number;
  readonly arrived: number;
  /** Measured, not asked for: a busy machine offers less. */
  readonly perSecond: number;
}

/** Each rate has so many chances: a stall of the machine is not the program's limit. */
const TRIES = 3;

/**
 * Offers ever more, from the least rate on, and ends with the first rate that loses something in each of TRIES passages.
 * @param rates messages per second, rising
 * @returns the passage without loss that was the fastest; undefined when even the least rate loses some
 */
export async function highestLossless(
  rates: readonly number[],
  offer: (rate: number) => Promise<Passage>,
): Promise<Passage | undefined> {
  let best: Passage | undefined;
  for (const rate of rates) {
    const passage = await firstLossless(rate, offer);
    if (passage === undefined) return best;
    if (best === undefined || passage.perSecond > best.perSecond) best = passage;
  }
  return best;
}

async function firstLossless(rate: number, offer: (rate: number) => Promise<Passage>): Promise<Passage | undefined> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const passage = await offer(rate);
    if (passage.arrived === passage.offered) return passage;
  }
  return undefined;
}
