import { type ProviderFailure, readProviderFailure } from '@understudy/shared/providers';
import type { Expired } from './answer-deadlines.ts';
import { contextTokensIn } from './context-tokens.ts';

/** Everything that the classification may look at. `contextTokens`: also where it stands only in words. */
export interface FailureFacts extends ProviderFailure {
  readonly expired?: Expired;
}

/**
 * @param error whatever the `openai` client threw
 * @param now epoch milliseconds, for a `Retry-After` that is a date
 */
export function failureFacts(
  error: unknown,
  call: { readonly streaming: boolean; readonly expired?: Expired },
  now: number,
): FailureFacts {
  const failure = readProviderFailure(error, call.streaming, now);
  const contextTokens = failure.contextTokens ?? contextTokensIn(failure.text);
  return {
    ...failure,
    ...(call.expired === undefined ? {} : { expired: call.expired }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
  };
}
