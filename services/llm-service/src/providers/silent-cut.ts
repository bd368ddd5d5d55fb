import { ServiceError } from '@understudy/shared/errors';
import type { TokensUsed } from './chat-provider.ts';
import type { ContextRoom } from './context-room.ts';

interface SilentCutParts {
  readonly provider: string;
  readonly room: Pick<ContextRoom, 'compare' | 'knowSilent'>;
  readonly askContext: () => Promise<number | undefined>;
  readonly report: (error: ServiceError) => void;
}

/**
 * Compares what a server has counted of each prompt with what it was sent. Ollama leaves out what its context does not hold, mostly the
 * oldest turns, at last the persona's words, and answers as if nothing were: the operator is told once.
 */
export function createSilentCut({ provider, room, askContext, report }: SilentCutParts) {
  let isKnown = false;
  const learnContext = async (): Promise<void> => {
    const tokens = await askContext().catch(() => undefined);
    if (tokens === undefined) return;
    isKnown = true;
    room.knowSilent(tokens);
  };
  return async (used: TokensUsed): Promise<void> => {
    if (used.isEstimate) return;
    if (used.isOfOllama && !isKnown) await learnContext();
    const cut = room.compare(used.estimatedInput, used.input);
    if (cut === undefined) return;
    const { sent, takes } = cut;
    const message = `Provider ${provider} left out a part of a prompt of about ${sent} tokens without saying so: it takes ${takes}. From now on the oldest turns are left out here. For more, set OLLAMA_CONTEXT_LENGTH at the server, then \`understudy reload\`.`;
    const context = { provider, contextTokens: takes };
    report(new ServiceError('LLM_CONTEXT_TOO_LONG', message, { subject: provider, context }));
  };
}
