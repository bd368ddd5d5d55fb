import type { Level } from '@understudy/shared/contracts';
import { type ForcedRung, providerRung, type RungName } from './rungs.ts';

export interface ThinkObservation {
  readonly level: Level;
  readonly by: RungName;
}

interface ProviderState {
  readonly name: string;
  readonly isClosed: boolean;
}

/** What `think` is worth when this rung answers: full only by the operator's first provider. */
export const thinkBy = (rung: RungName, providers: readonly Pick<ProviderState, 'name'>[]): ThinkObservation => ({
  level: providers[0] !== undefined && rung === providerRung(providers[0].name) ? 'full' : 'degraded',
  by: rung,
});

/** The providers that the ladder considers: from the forced rung on, none below them. */
function considered<P extends { readonly name: string }>(providers: readonly P[], forced: ForcedRung): readonly P[] {
  if (forced === 'cache' || forced === 'pattern') return [];
  return providers.slice(
    Math.max(
      0,
      providers.findIndex(({ name }) => providerRung(name) === forced),
    ),
  );
}

/** The rung from which the next answer is to be expected; of the cache nothing can be expected, it knows few lines. */
export function expectedRung(providers: readonly ProviderState[], forced: ForcedRung): RungName {
  const next = considered(providers, forced).find(({ isClosed }) => isClosed);
  return next === undefined ? 'pattern' : providerRung(next.name);
}

/** What an answer counts as: while no provider is asked, a line that the cache knew is luck, and patterns are the rule. */
export const countsAs = (rung: RungName, providers: readonly ProviderState[], forced: ForcedRung): RungName =>
  rung === 'cache' && expectedRung(providers, forced) === 'pattern' ? 'pattern' : rung;

/** A provider was shut: if it was the present rung, the next one counts; else the last turn's word stands. */
export const afterShut = (
  present: RungName,
  name: string,
  providers: readonly ProviderState[],
  forced: ForcedRung,
): RungName => (present === providerRung(name) ? expectedRung(providers, forced) : present);

/** A provider has been seen to answer: it counts if it is better than the present rung. */
export function afterProof(
  present: RungName,
  name: string,
  providers: readonly Pick<ProviderState, 'name'>[],
  forced: ForcedRung,
): RungName {
  const order = considered(providers, forced).map((provider) => providerRung(provider.name));
  const proven = order.indexOf(providerRung(name));
  const now = order.indexOf(present);
  return proven >= 0 && (now < 0 || proven < now) ? providerRung(name) : present;
}
