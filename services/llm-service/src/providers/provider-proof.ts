import type { ErrorEvent } from '@understudy/shared/contracts';
import { isServiceError, toServiceError } from '@understudy/shared/errors';
import type { Clock, ProbeResult } from '@understudy/shared/service';
import type { ChatProvider } from './chat-provider.ts';
import type { ChainLink, ProviderChain } from './provider-chain.ts';

const PING = [{ role: 'user', content: 'Say hi.' }] as const;

/**
 * Servers that load a model on demand give the loading up when whoever asked for it goes away (Ollama): with a viewer's patience alone
 * it would begin again with each question and never end. No model that can hold a conversation loads longer.
 */
export const LOADING_MS = 120_000;

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
  readonly report: (error: unknown) => ErrorEvent;
  /** The service ends. */
  readonly stopped: AbortSignal;
}

/**
 * The proof that a provider answers now. It goes past the breaker and, being evidence, closes it: a provider that only the
 * operator could help (`isolated`) has no other way back.
 */
export function createProviderProof({ chain, limits, clock, onProof, onFailure, report, stopped }: ProofParts) {
  const loading = new WeakSet<ChainLink>();

  const answered = (name: string, link: ChainLink) => {
    link.breaker.close();
    link.lastFailure = undefined;
    onProof(name);
  };

  /** What only the operator can help, and no viewer has met yet: too little memory, say, while it loads. Told once, for it is shut out by that. */
  const tellIfShut = (link: ChainLink, error: unknown) => {
    const wasShut = link.breaker.state() === 'isolated';
    link.breaker.judge(error);
    if (!wasShut && link.breaker.state() === 'isolated') link.lastFailure = report(error);
  };

  /** One patient question stays behind, and what answers it is proven whenever that is. */
  const waitUntilLoaded = async (name: string, link: ChainLink): Promise<void> => {
    if (loading.has(link)) return;
    loading.add(link);
    try {
      await askForOneToken(link.provider, { firstTokenMs: LOADING_MS, nextTokenMs: LOADING_MS }, stopped);
      // A reload has put another one in its place.
      if (chain().get(name) === link) answered(name, link);
    } catch (error) {
      if (chain().get(name) === link && !stopped.aborted) tellIfShut(link, error);
    } finally {
      loading.delete(link);
    }
  };

  const proveOne = async (name: string, link: ChainLink, signal: AbortSignal): Promise<ProbeResult> => {
    const startedAt = clock.now();
    try {
      await askForOneToken(link.provider, limits(), signal);
    } catch (error) {
      if (!signal.aborted) {
        onFailure(name);
        tellIfShut(link, error);
      }
      if (signal.aborted || (isServiceError(error) && error.code === 'LLM_TIMEOUT')) void waitUntilLoaded(name, link);
      const why = signal.aborted ? 'did not answer before the probe was ended' : toServiceError(error).message;
      return { ok: false, detail: `${name}: ${why}` };
    }
    answered(name, link);
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
    return {
      ok: false,
      gone: true,
      detail: `llm.providers has no ${subject}; it has ${[...chain().keys()].join(', ')}`,
    };
  };
}
export type ProviderProof = ReturnType<typeof createProviderProof>;
