import type { LlmProvider } from '@understudy/shared/config';
import type { ErrorEvent } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import type { ProbeResult, ServiceContext } from '@understudy/shared/service';
import type { TokensUsed } from '../providers/chat-provider.ts';
import { type Amount, createSpending } from './spending.ts';
import type { SpentFile } from './spent-file.ts';

/** A spent budget is renewed when a tenth of it is free again, lest it be spent anew with the next answer. */
const RENEWED_AT = 0.9;
/** A forecast is told once in so long. */
const TOLD_AGAIN_MS = 3_600_000;
const MILLION = 1_000_000;

type Surroundings = Pick<ServiceContext<'llm-service'>, 'clock' | 'config' | 'logger' | 'metrics' | 'reportError'>;

export interface Budget {
  /** Counts what a call took. */
  spend(provider: LlmProvider, used: TokensUsed): void;
  /** At the start and after a reload: what is spent already may be more than the limits are now, and the providers are new. */
  begin(): void;
  /** The budget is spent, and this provider is one of those that it counts. */
  isOut(name: string): boolean;
  /** @param subject `spent`, `forecast`; without one: may anybody be asked? */
  probe(subject: string | undefined): ProbeResult;
}

const costOf = ({ price }: LlmProvider, { input, output }: TokensUsed): number =>
  price === undefined ? 0 : (input * price.input + output * price.output) / MILLION;

const percent = (ratio: number): string => `${Math.round(ratio * 100)} %`;

/**
 * Tokens and money of a sliding hour against llm.budget. It counts the providers with a price, or all where none has one; those it keeps
 * out when it is spent. Beside one with a price, one without may be asked without end, and must not keep the others out.
 * @param onSpent the providers that are out until it is renewed, and why
 */
export function createBudget(
  { clock, config, logger, metrics, reportError }: Surroundings,
  file: SpentFile,
  onSpent: (names: readonly string[], event: ErrorEvent) => void,
): Budget {
  const spending = createSpending(clock.now, file.read());
  let isSpent = false;
  let isTold = false;
  let toldAt = Number.NEGATIVE_INFINITY;

  const limits = () => config().llm.budget;
  const hasLimit = () => limits().tokens_per_hour !== undefined || limits().cost_per_hour !== undefined;
  const ratioOf = ({ tokens, cost }: Amount): number => {
    const { tokens_per_hour, cost_per_hour } = limits();
    return Math.max(
      tokens / (tokens_per_hour ?? Number.POSITIVE_INFINITY),
      cost / (cost_per_hour ?? Number.POSITIVE_INFINITY),
    );
  };
  const used = () => ratioOf(spending.lastHour());
  const forecast = () => ratioOf(spending.forecast());
  const counted = (): readonly LlmProvider[] => {
    const { providers } = config().llm;
    const priced = providers.filter(({ price }) => price !== undefined);
    return priced.length > 0 ? priced : providers;
  };
  const counts = (name: string): boolean => counted().some((provider) => provider.name === name);
  const spent = (): boolean => {
    isSpent = used() >= (isSpent ? RENEWED_AT : 1);
    return isSpent;
  };
  const describe = () => {
    const { tokens, cost } = spending.lastHour();
    return `${percent(used())} of llm.budget (${Math.round(tokens)} tokens${cost > 0 ? `, at a cost of ${cost.toFixed(4)}` : ''}) in the last hour`;
  };
  const context = () => ({ ...spending.lastHour(), forecast: forecast(), ...limits() });

  const measure = () => metrics.set('understudy_llm_budget_used_ratio', {}, used());
  const judge = () => {
    measure();
    if (!hasLimit()) return;
    const wasTold = isTold;
    isTold = spent();
    if (isTold && !wasTold) {
      const names = counted().map(({ name }) => name);
      const message = `Thinking took ${describe()}. Not asked: ${names.join(', ')}. Raise llm.budget, or wait: it is renewed as the hour passes.`;
      onSpent(
        names,
        reportError(new ServiceError('LLM_BUDGET_SPENT', message, { subject: 'spent', context: context() })),
      );
    } else if (!isTold && forecast() >= limits().warn_at && clock.now() - toldAt >= TOLD_AGAIN_MS) {
      toldAt = clock.now();
      const message = `Thinking took ${describe()}; at the pace of the last minutes an hour takes ${percent(forecast())}. Raise llm.budget, if that is meant.`;
      reportError(new ServiceError('LLM_BUDGET_FORECAST', message, { subject: 'forecast', context: context() }));
    }
  };
  const keep = () => {
    try {
      file.write(spending.minutes());
    } catch (error) {
      logger.warning('What was spent cannot be written; a restart would forget it', {
        context: { reason: String(error) },
      });
    }
  };

  return {
    spend(provider, tokens) {
      const { name } = provider;
      const cost = costOf(provider, tokens);
      metrics.inc('understudy_llm_tokens_total', { provider: name, kind: 'input' }, tokens.input);
      metrics.inc('understudy_llm_tokens_total', { provider: name, kind: 'output' }, tokens.output);
      if (cost > 0) metrics.inc('understudy_llm_cost_total', { provider: name }, cost);
      if (counts(name)) spending.add({ tokens: tokens.input + tokens.output, cost });
      if (hasLimit()) keep();
      judge();
    },
    begin() {
      isTold = false;
      judge();
    },
    isOut: (name) => spent() && counts(name),
    probe(subject) {
      measure();
      if (subject === 'forecast')
        return {
          ok: forecast() < limits().warn_at,
          detail: `at the present pace an hour takes ${percent(forecast())}`,
        };
      if (subject === 'spent') return { ok: !spent(), detail: describe() };
      const free = config().llm.providers.length - (spent() ? counted().length : 0);
      return { ok: free > 0, detail: `${free} providers may be asked; ${describe()}` };
    },
  };
}
