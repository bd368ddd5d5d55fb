import type { Config, LlmProvider } from '@understudy/shared/config';
import type { ErrorEvent } from '@understudy/shared/contracts';
import type { CommandOutcome, ServiceContext } from '@understudy/shared/service';
import type { BreakerState } from '../providers/provider-breaker.ts';
import type { ProviderChain } from '../providers/provider-chain.ts';
import { type LadderPlan, planLadder } from './plan-ladder.ts';
import { type ForcedRung, isForcedRung, providerRung, type RungName } from './rungs.ts';
import { afterProof, afterShut, countsAs, expectedRung, type ThinkObservation, thinkBy } from './think-status.ts';

const BREAKER_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, halfOpen: 1, open: 2, isolated: 3 };

type Surroundings = Pick<ServiceContext<'llm-service'>, 'ceiling' | 'config' | 'logger' | 'metrics' | 'observe'>;
type BuildChain = (
  settings: readonly LlmProvider[],
  breaker: Config['llm']['breaker'],
  onBreaker: (name: string, state: BreakerState) => void,
) => ProviderChain;

/** Why a provider is not asked, besides its breaker. */
export interface LadderGates {
  /** It is out for a while: what it said, what it costs. */
  readonly isOut: (name: string) => boolean;
}

/** What lasts from turn to turn: the providers with their breakers, a forced rung, and what is observed of `think`. */
export function createLadderState(
  context: Surroundings,
  buildChain: BuildChain,
  { isOut }: LadderGates = { isOut: () => false },
) {
  const { config, logger, metrics } = context;
  let forced: ForcedRung = 'auto';
  let present: RungName = 'pattern';
  let known: readonly string[] = [];

  const build = (): ProviderChain => {
    const { providers, breaker } = config().llm;
    const built = buildChain(providers, breaker, (name, state) => onBreaker(built, name, state));
    // Also of those that a reload has taken away: nothing is open there any more.
    for (const name of [...known, ...built.keys()])
      metrics.set('understudy_breaker_state', { name }, BREAKER_VALUES.closed);
    known = [...built.keys()];
    return built;
  };
  const states = () =>
    [...chain].map(([name, { breaker }]) => ({ name, isClosed: breaker.state() === 'closed' && !isOut(name) }));
  const worth = (rung: RungName): ThinkObservation => thinkBy(countsAs(rung, states(), forced), states());
  const observe = (rung: RungName) => {
    const { level, by } = worth(rung);
    present = by;
    context.observe('think', level, by);
  };
  const onBreaker = (of: ProviderChain, name: string, state: BreakerState) => {
    // A turn that began before a reload may still end on the old chain.
    if (of !== chain) return;
    metrics.set('understudy_breaker_state', { name }, BREAKER_VALUES[state]);
    logger.info('The breaker of a provider changed', { context: { provider: name, state } });
    if (state === 'closed' && !isOut(name)) observe(afterProof(present, name, states(), forced));
    if (state === 'open' || state === 'isolated') observe(afterShut(present, name, states(), forced));
  };

  let chain = build();
  observe(expectedRung(states(), forced));

  return {
    chain: (): ProviderChain => chain,
    forced: (): ForcedRung => forced,
    present: (): RungName => present,
    plan: (): LadderPlan =>
      planLadder({
        providers: [...chain].map(([name, { breaker, pace }]) => ({
          name,
          admits: breaker.admits() && pace.hasRoom() && !isOut(name),
        })),
        forced,
        mayThink: context.ceiling('think').level !== 'off',
      }),
    /** What `think` is worth when this rung answers. */
    thinkBy: worth,
    /** The last turn's word; of a provider that this very turn has shut out nothing more is to be expected. */
    answered(rung: RungName): void {
      const isShutOut = [...chain.keys()].some((name) => providerRung(name) === rung && isOut(name));
      observe(isShutOut ? expectedRung(states(), forced) : rung);
    },
    /** A provider was shut out for a while. */
    shutOut(name: string, why: ErrorEvent): void {
      const link = chain.get(name);
      if (link) link.lastFailure = why;
      observe(afterShut(present, name, states(), forced));
    },
    isOut,
    /** A provider has been seen to answer outside of a turn. One that is out is not asked by viewers all the same. */
    proven(name: string): void {
      if (!isOut(name)) observe(afterProof(present, name, states(), forced));
    },
    /** The `force-rung` command. */
    force(rung: string): CommandOutcome {
      if (!isForcedRung(rung))
        return { ok: false, detail: `${rung} is no rung: auto, provider:NAME, cache or pattern` };
      const names = [...chain.keys()];
      if (rung.startsWith('provider:') && !names.some((name) => providerRung(name) === rung)) {
        return {
          ok: false,
          detail: `llm.providers has no ${rung.slice('provider:'.length)}; it has ${names.join(', ')}`,
        };
      }
      forced = rung;
      observe(expectedRung(states(), forced));
      return { ok: true, detail: rung === 'auto' ? 'the ladder begins at its top' : `the ladder begins at ${rung}` };
    },
    /** After a reload: new providers and keys, every breaker closed. What was forced was a judgement of the providers before. */
    rebuild(): void {
      chain = build();
      forced = 'auto';
      observe(expectedRung(states(), forced));
    },
  };
}
export type Ladder = ReturnType<typeof createLadderState>;
