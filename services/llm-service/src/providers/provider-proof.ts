import { toServiceError } from '@understudy/shared/errors';
import type { Clock, ProbeResult } from '@understudy/shared/service';
import type { ChatProvider } from './chat-provider.ts';
import type { ChainLink, ProviderChain } from './provider-chain.ts';

const PING = [{ role: 'user', content: 'Say hi.' }] as const;

export interface ProofLimits {
  readonly firstTokenMs: number;
  readonly nextTokenMs: number;
}

/** Really asks, for one token, by the same way as a viewer's turn. @throws ServiceError */
export async function askForOneToken(provider: ChatProvider, limits: ProofLimits, signal: AbortSignal): Promise<void> {
  for await (const part of provider.ask({ messages: PING, maxTokens: 1, ...limits }, signal)) {
    if (part.type === 'end') return;
  }
}

interface ProofParts {
  readonly chain: () => ProviderChain;
  readonly limits: () => ProofLimits;
  readonly clock: Pick<Clock, 'now'>;
  readonly onProof: (name: string) => void;
  /** It was asked and did not answer. */
  readonly onFailure: (name: string) => void;
}

/**
 * The proof that a provider answers now. It goes past the breaker and, being evidence, closes it: a provider that only the
 * operator could help (`isolated`) has no other way back.
 */
export function createProviderProof({ chain, limits, clock, onProof, onFailure }: ProofParts) {
  const proveOne = async (name: string, link: ChainLink, signal: AbortSignal): Promise<ProbeResult> => {
    const startedAt = clock.now();
    try {
      await askForOneToken(link.provider, limits(), signal);
    } catch (error) {
      if (!signal.aborted) onFailure(name);
      const why = signal.aborted ? 'did not answer before the probe was ended' : toServiceError(error).message;
      return { ok: false, detail: `${name}: ${why}` };
    }
    link.breaker.close();
    link.lastFailure = undefined;
    onProof(name);
    return { ok: true, detail: `${name} answered in ${clock.now() - startedAt} ms` };
  };

  const proveFirst = async (signal: AbortSignal): Promise<ProbeResult> => {
    const reasons: string[] = [];
    for (const [name, link] of chain()) {
      if (signal.aborted) break;
      const proof = await proveOne(name, link, signal);
      if (proof.ok) return proof;
      reasons.push(proof.detail);
    }
    return { ok: false, detail: `No provider answers. ${reasons.join(' ')}` };
  };

  /** @param subject a provider's name; without it the first that answers */
  return async (subject: string | undefined, signal: AbortSignal): Promise<ProbeResult> => {
    if (subject === undefined) return proveFirst(signal);
    const link = chain().get(subject);
    if (link) return proveOne(subject, link, signal);
    return { ok: false, detail: `llm.providers has no ${subject}; it has ${[...chain().keys()].join(', ')}` };
  };
}
export type ProviderProof = ReturnType<typeof createProviderProof>;
