import type { LlmProvider } from '@understudy/shared/config';
import type { ErrorEvent } from '@understudy/shared/contracts';
import type { ChatProvider } from './chat-provider.ts';
import type { BreakerState, ProviderBreaker } from './provider-breaker.ts';

/** One provider of the operator's order, with what guards it. */
export interface ChainLink {
  readonly provider: ChatProvider;
  readonly breaker: ProviderBreaker;
  /** What shut it: a turn that has to do without it can say why. */
  lastFailure: ErrorEvent | undefined;
}

export type ProviderChain = ReadonlyMap<string, ChainLink>;

export interface ChainParts {
  readonly createProvider: (settings: LlmProvider) => ChatProvider;
  readonly createBreaker: (onChange: (state: BreakerState) => void) => ProviderBreaker;
  readonly onBreaker: (name: string, state: BreakerState) => void;
}

export function createProviderChain(settings: readonly LlmProvider[], parts: ChainParts): ProviderChain {
  const chain = new Map<string, ChainLink>();
  for (const one of settings) {
    const breaker = parts.createBreaker((state) => parts.onBreaker(one.name, state));
    chain.set(one.name, { provider: parts.createProvider(one), breaker, lastFailure: undefined });
  }
  return chain;
}
