import type { SpentMinute } from './spent-file.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** The pace is that of the last minutes: shorter, and one talkative viewer would look like an hour of them. */
const PACE_MINUTES = 10;

export interface Amount {
  readonly tokens: number;
  /** In the money of the providers' prices. */
  readonly cost: number;
}

const NOTHING: Amount = { tokens: 0, cost: 0 };
const plus = (a: Amount, b: Amount): Amount => ({ tokens: a.tokens + b.tokens, cost: a.cost + b.cost });

/** What was spent, minute by minute, over the last 60: a sliding hour that costs no timer. */
export function createSpending(now: () => number, known: readonly SpentMinute[] = []) {
  const minutes = new Map<number, Amount>(known.map(({ minute, ...amount }) => [minute, amount]));
  const present = () => Math.floor(now() / MINUTE_MS);
  /** What was spent in the future of a clock that has since been set back is left out: it would count for ever. */
  const isWithin = (minute: number, count: number): boolean => minute > present() - count && minute <= present() + 1;
  const within = (count: number): Amount =>
    [...minutes].reduce((sum, [minute, amount]) => (isWithin(minute, count) ? plus(sum, amount) : sum), NOTHING);

  return {
    add(amount: Amount): void {
      const minute = present();
      minutes.set(minute, plus(minutes.get(minute) ?? NOTHING, amount));
      for (const other of minutes.keys()) if (!isWithin(other, HOUR_MINUTES)) minutes.delete(other);
    },
    lastHour: (): Amount => within(HOUR_MINUTES),
    /** What an hour takes at the pace of the last minutes. */
    forecast(): Amount {
      const { tokens, cost } = within(PACE_MINUTES);
      const hours = HOUR_MINUTES / PACE_MINUTES;
      return { tokens: tokens * hours, cost: cost * hours };
    },
    minutes: (): SpentMinute[] => [...minutes].map(([minute, amount]) => ({ minute, ...amount })),
  };
}
