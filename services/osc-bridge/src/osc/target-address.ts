import { lookup as resolveName } from 'node:dns/promises';
import { isIP } from 'node:net';

/** A name may lead elsewhere after the container runtime has restarted. */
const RESOLVE_EVERY_MS = 30_000;

export type Lookup = (host: string) => Promise<string>;

const lookupIpv4: Lookup = async (host) => (await resolveName(host, { family: 4 })).address;

/** VRChat's address, resolved aside and not at every send: UDP by name would ask the resolver for each message. */
export interface TargetAddress {
  /** The last one known; undefined before the first success. */
  current(): string | undefined;
  /** Resolves again when the last time is long ago, the host has changed, or `force`. @throws what the resolver throws */
  refresh(now: number, force?: boolean): Promise<void>;
}

export function createTargetAddress(host: () => string, lookup: Lookup = lookupIpv4): TargetAddress {
  let known: { readonly host: string; readonly address: string } | undefined;
  let resolvedAt = Number.NEGATIVE_INFINITY;
  return {
    current: () => (isIP(host()) ? host() : known?.host === host() ? known.address : undefined),
    async refresh(now, force = false) {
      const name = host();
      if (isIP(name)) return;
      if (!force && known?.host === name && now - resolvedAt < RESOLVE_EVERY_MS) return;
      resolvedAt = now;
      const address = await lookup(name);
      known = { host: name, address };
    },
  };
}
