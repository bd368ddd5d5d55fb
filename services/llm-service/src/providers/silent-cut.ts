import { ServiceError } from '@understudy/shared/errors';
import type { ProbeResult } from '@understudy/shared/service';
import type { TokensUsed } from './chat-provider.ts';
import type { ContextRoom } from './context-room.ts';

interface SilentCutParts {
  readonly provider: string;
  readonly model: string;
  readonly room: Pick<ContextRoom, 'compare' | 'knowSilent'>;
  readonly askContext: () => Promise<number | undefined>;
  readonly report: (error: ServiceError) => void;
}

/**
 * Compares what a server has counted of each prompt with what it was sent. Ollama leaves out what its context does not hold, mostly the
 * oldest turns, at last the persona's words, and answers as if nothing were: the operator is told once.
 */
export function createSilentCut({ provider, model, room, askContext, report }: SilentCutParts) {
  let isKnown = false;
  const learnContext = async (isOfOllama: boolean): Promise<void> => {
    // Any other server says by itself when a prompt is too long.
    const tokens = isOfOllama ? await askContext().catch(() => undefined) : Number.POSITIVE_INFINITY;
    if (tokens === undefined) return;
    isKnown = true;
    room.knowSilent(tokens);
  };
  return async ({ isEstimate, isProof, isOfOllama = false, estimatedInput, input }: TokensUsed): Promise<void> => {
    if (isEstimate || isProof) return;
    if (!isKnown) await learnContext(isOfOllama);
    const cut = room.compare(estimatedInput, input);
    if (cut === undefined) return;
    const { sent, takes } = cut;
    const message = `Provider ${provider} left out a part of a prompt of about ${sent} tokens without saying so: it takes ${takes}. From now on the oldest turns are left out here. For more, set OLLAMA_CONTEXT_LENGTH at the server (or num_ctx in the Modelfile of ${model}), else lower llm.memory_turns; then \`understudy reload\`.`;
    const context = { provider, model, contextTokens: takes };
    report(new ServiceError('LLM_PROMPT_CUT', message, { subject: provider, context }));
  };
}

/**
 * Has a conversation been taken whole since the last reload? One that was cut stays so until then: its provider gets shorter prompts, and
 * those prove nothing.
 * @param subject a provider's name; without it all that are asked
 */
export function proveWhole(
  chain: ReadonlyMap<string, { readonly room: Pick<ContextRoom, 'tookWhole'> }>,
  subject: string | undefined,
): ProbeResult {
  if (subject === undefined) {
    const cut = [...chain].filter(([, { room }]) => room.tookWhole() === false).map(([name]) => name);
    return { ok: cut.length === 0, detail: cut.length === 0 ? 'no prompt was cut' : `cut by ${cut.join(', ')}` };
  }
  const link = chain.get(subject);
  if (!link)
    return {
      ok: false,
      gone: true,
      detail: `llm.providers has no ${subject}; it has ${[...chain.keys()].join(', ')}`,
    };
  const tookWhole = link.room.tookWhole();
  if (tookWhole === undefined) return { ok: false, detail: `${subject} has counted no conversation since the reload` };
  return { ok: tookWhole, detail: tookWhole ? `${subject} took a conversation whole` : `${subject} cut a prompt` };
}
