import type { LlmProvider } from '@understudy/shared/config';
import type { ErrorEvent } from '@understudy/shared/contracts';
import type { ChatProvider } from './chat-provider.ts';
import { type ContextRoom, createContextRoom } from './context-room.ts';
import type { BreakerState, ProviderBreaker } from './provider-breaker.ts';
import { createRequestPace, type RequestPace } from './request-pace.ts';

/** One provider of the operator's order, with what guards it. */
export interface ChainLink {
  readonly provider: ChatProvider;
  readonly breaker: ProviderBreaker;
  readonly pace: RequestPace;
  readonly room: ContextRoom;
  /** What shut it: a turn that has to do without it can say why. */
  lastFailure: ErrorEvent | undefined;
}

export type ProviderChain = ReadonlyMap<string, ChainLink>;

export interface ChainParts {
  readonly createProvider: (settings: LlmProvider, room: ContextRoom) => ChatProvider;
  readonly createBreaker: (onChange: (state: BreakerState) => void) => ProviderBreaker;
  readonly onBreaker: (name: string, state: BreakerState) => void;
  /** Epoch ms. */
  readonly now: () => number;
}

export function createProviderChain(settings: readonly LlmProvider[], parts: ChainParts): ProviderChain {
  const chain = new Map<string, ChainLink>();
  for (const one of settings) {
    const breaker = parts.createBreaker((state) => parts.onBreaker(one.name, state));
    const room = createContextRoom(one.max_tokens);
    chain.set(one.name, {
      provider: parts.createProvider(one, room),
      breaker,
      pace: createRequestPace(parts.now, one.requests_per_minute),
      room,
      lastFailure: undefined,
    });
  }
  return chain;
}
