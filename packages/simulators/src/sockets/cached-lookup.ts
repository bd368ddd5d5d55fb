import { lookup as systemLookup } from 'node:dns';

/** A container that is started again has another address; until then UDP by name must not ask the resolver for each packet. */
const KEPT_MS = 5000;

type Answer = (error: NodeJS.ErrnoException | null, address: string, family: number) => void;
export type Lookup = (host: string, options: { readonly family: 4 }, answer: Answer) => void;

const systemIpv4: Lookup = (host, options, answer) => systemLookup(host, options, answer);

/** A `lookup` for UDP sockets that keeps each answer for some seconds, that a name is not known (yet) included. */
export function cachedLookup(now: () => number = Date.now, lookup: Lookup = systemIpv4) {
  const known = new Map<string, { readonly until: number; readonly give: (answer: Answer) => void }>();
  return (host: string, _options: unknown, answer: Answer): void => {
    const kept = known.get(host);
    if (kept && now() < kept.until) kept.give(answer);
    else
      lookup(host, { family: 4 }, (error, address) => {
        const give = (to: Answer): void => to(error, address, 4);
        known.set(host, { until: now() + KEPT_MS, give });
        give(answer);
      });
  };
}
