/** A step of the ladder by the name that replies and `observed.by` carry: `provider:NAME`, `cache`, `pattern`. */
export type RungName = `provider:${string}` | 'cache' | 'pattern';

/** Where the ladder begins: at its top (`auto`), or at the rung that the supervisor has named. */
export type ForcedRung = RungName | 'auto';

export const providerRung = (name: string): RungName => `provider:${name}`;

export const sourceOf = (rung: RungName): 'provider' | 'cache' | 'pattern' =>
  rung === 'cache' || rung === 'pattern' ? rung : 'provider';

export const isForcedRung = (text: string): text is ForcedRung =>
  text === 'auto' || text === 'cache' || text === 'pattern' || text.startsWith('provider:');
