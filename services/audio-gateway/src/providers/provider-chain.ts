import type { ErrorEvent } from '@understudy/shared/contracts';
import { defineError, type ServiceError } from '@understudy/shared/errors';
import type { FailureStreaks, ProbeResult, ServiceContext } from '@understudy/shared/service';
import { BreakerOpenError, type BreakerSettings, createProviderBreaker } from './provider-breaker.ts';

/** `failed`: no provider gave anything; `event` is the newest report of why. */
export type ChainResult<T> =
  | { readonly state: 'answered'; readonly value: T; readonly by: string }
  | { readonly state: 'failed'; readonly event: ErrorEvent | undefined };

export interface ProviderChain<Provider> {
  /** Asks in order; each failure is reported, and the next provider asked. What ends by the signal is no failure. */
  run<T>(call: (provider: Provider) => Promise<T>, signal?: AbortSignal): Promise<ChainResult<T>>;
  /** It works and is of no use: left out for `account_after_ms`, where another one is there. */
  leaveOut(name: string): void;
  /** Every breaker is open: a call would fail at once. */
  isBlocked(): boolean;
  /** Why the last call failed. */
  standing(): ErrorEvent | undefined;
  /** Asks one provider (without a name the first that works), past its breaker; a success closes it. */
  probe(name: string | undefined, call: (provider: Provider) => Promise<string>): Promise<ProbeResult>;
}

interface ChainOptions<Provider> {
  readonly providers: readonly Provider[];
  /** The name under `understudy_breaker_state` is this and the provider's. */
  readonly task: 'transcription' | 'speech';
  readonly breaker: BreakerSettings;
  readonly streaks: FailureStreaks;
  /** Whatever a call threw, as an error of the table. */
  readonly classify: (provider: Provider, error: unknown) => ServiceError;
  /** The rung that answered last: `index` in the list, -1 when none did. */
  readonly onRung: (index: number, name: string) => void;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'metrics' | 'reportError'>;

/** Providers in the operator's order, each behind a breaker of its own. Time limits are the calls' matter. */
export function createProviderChain<Provider extends { readonly name: string }>(
  context: Surroundings,
  options: ChainOptions<Provider>,
): ProviderChain<Provider> {
  const { clock, metrics } = context;
  const rungs = options.providers.map((provider, index) => ({
    provider,
    index,
    breaker: createProviderBreaker(options.breaker, clock, (value) =>
      metrics.set('understudy_breaker_state', { name: `${options.task}:${provider.name}` }, value),
    ),
  }));
  type Rung = (typeof rungs)[number];
  options.streaks.expect(rungs.map(({ provider }) => provider.name));
  let standing: ErrorEvent | undefined;
  /** The rung that answered last; -1: none did. */
  let current = 0;

  const tell = (index: number, name: string) => {
    current = index;
    options.onRung(index, name);
  };

  const measure = async <T>(
    { provider }: Rung,
    call: (provider: Provider) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> => {
    const began = clock.now();
    let outcome = 'ok';
    try {
      return await call(provider);
    } catch (error) {
      outcome = options.classify(provider, error).code;
      throw error;
    } finally {
      if (outcome === 'ok') options.streaks.worked(provider.name);
      else if (!signal?.aborted) options.streaks.failed(provider.name);
      metrics.inc('understudy_provider_calls_total', { provider: provider.name, outcome });
      const seconds = (clock.now() - began) / 1000;
      metrics.observe('understudy_provider_call_duration_seconds', { provider: provider.name }, seconds);
    }
  };

  const meet = ({ provider, breaker }: Rung, thrown: unknown): void => {
    const error = options.classify(provider, thrown);
    if (defineError(error.code).cause === 'needs_operator') breaker.isolate(options.breaker.account_after_ms);
    else if (error.facts.retryAfterMs !== undefined) breaker.isolate(error.facts.retryAfterMs);
    standing = context.reportError(error);
  };

  return {
    async run(call, signal) {
      for (const rung of rungs) {
        if (signal?.aborted) return { state: 'failed', event: standing };
        try {
          const value = await rung.breaker.run(() => measure(rung, call, signal));
          if (rung.index === 0) standing = undefined;
          tell(rung.index, rung.provider.name);
          return { state: 'answered', value, by: rung.provider.name };
        } catch (thrown) {
          if (thrown instanceof BreakerOpenError) {
            metrics.inc('understudy_provider_calls_total', { provider: rung.provider.name, outcome: 'shut' });
          } else if (!signal?.aborted) meet(rung, thrown);
        }
      }
      if (!signal?.aborted) tell(-1, 'none');
      return { state: 'failed', event: standing };
    },
    leaveOut(name) {
      if (rungs.length < 2) return;
      for (const rung of rungs) {
        if (rung.provider.name === name) rung.breaker.isolate(options.breaker.account_after_ms);
      }
    },
    isBlocked: () => rungs.every(({ breaker }) => breaker.isBlocking()),
    standing: () => standing,
    async probe(name, call) {
      const asked = rungs.filter(({ provider }) => name === undefined || provider.name === name);
      if (asked.length === 0)
        return {
          ok: false,
          gone: name !== undefined,
          detail: `no provider ${name ?? ''} of ${options.task} is configured`,
        };
      let detail = '';
      for (const rung of asked) {
        try {
          detail = `${rung.provider.name} works: ${await measure(rung, call)}`;
          rung.breaker.close();
          if (current === -1 || rung.index < current) tell(rung.index, rung.provider.name);
          return { ok: true, detail };
        } catch (thrown) {
          detail = options.classify(rung.provider, thrown).message;
        }
      }
      return { ok: false, detail };
    },
  };
}
