import { type ForcedRung, providerRung, type RungName } from './rungs.ts';

export interface LadderState {
  /** In the operator's order. */
  readonly providers: readonly { readonly name: string; readonly admits: boolean }[];
  readonly forced: ForcedRung;
  /** The supervisor's ceiling on `think`: off means patterns only. */
  readonly mayThink: boolean;
}

/** `mayRetry`: nobody else is left to ask, so a quick failure is worth a second try. */
export type PlannedRung =
  | { readonly type: 'provider'; readonly name: string; readonly mayRetry: boolean }
  | { readonly type: 'cache' }
  | { readonly type: 'pattern' };

export interface LadderPlan {
  /** Top to bottom; the last is always the pattern, which cannot fail. */
  readonly rungs: readonly PlannedRung[];
  /** Left out because their breaker is not closed. */
  readonly shut: readonly string[];
}

const BOTTOM: readonly PlannedRung[] = [{ type: 'pattern' }];

/** Pure: which rungs a turn climbs down, from what is known before it starts. */
export function planLadder({ providers, forced, mayThink }: LadderState): LadderPlan {
  if (!mayThink || forced === 'pattern') return { rungs: BOTTOM, shut: [] };
  if (forced === 'cache') return { rungs: [{ type: 'cache' }, ...BOTTOM], shut: [] };
  const start = providers.findIndex(({ name }) => providerRung(name) === forced);
  const considered = providers.slice(Math.max(0, start));
  const admitted = considered.filter(({ admits }) => admits);
  const rungs = admitted.map(
    ({ name }, index): PlannedRung => ({ type: 'provider', name, mayRetry: index === admitted.length - 1 }),
  );
  return {
    rungs: [...rungs, { type: 'cache' }, ...BOTTOM],
    shut: considered.filter(({ admits }) => !admits).map(({ name }) => name),
  };
}

/** Those of the shut that would have been asked before this rung: the others had no part in the turn. */
export function shutAbove({ shut }: LadderPlan, rung: RungName, order: readonly string[]): readonly string[] {
  const at = order.findIndex((name) => providerRung(name) === rung);
  return at < 0 ? shut : shut.filter((name) => order.indexOf(name) < at);
}
