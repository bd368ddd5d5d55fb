import type { CommandHandlers, Probe, ServiceParts } from '@understudy/shared/service';
import type { Budget } from './budget/budget.ts';
import type { ReplyCache } from './cache/reply-cache.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { Ladder } from './ladder/ladder-state.ts';
import type { Moderation } from './moderation/moderation.ts';
import type { ProviderProof } from './providers/provider-proof.ts';
import { proveWhole } from './providers/silent-cut.ts';

interface Handled {
  readonly cache: ReplyCache;
  readonly conversation: Conversation;
  readonly ladder: Ladder;
  readonly prove: ProviderProof;
  readonly budget: Budget;
  readonly moderation: Moderation;
}

/** What the supervisor can ask of the llm-service. */
export function createRecoveryHandlers({ cache, conversation, ladder, prove, budget, moderation }: Handled) {
  const commands: CommandHandlers<'llm-service'> = {
    async 'clear-cache'() {
      const { local, remote } = await cache.clear();
      const detail = `forgot ${local} replies here and ${remote ?? 'none'} in Redis`;
      return { ok: true, detail, data: { local, ...(remote === undefined ? {} : { remote }) } };
    },
    'force-rung': async ({ rung }) => ladder.force(rung),
  };
  /** What was forced for the sake of a provider that is no more ends with it: the command may have crossed the reload. */
  const proveProvider: Probe = async (subject, signal) => {
    const proof = await prove(subject, signal);
    if (proof.gone && ladder.forced() !== 'auto') ladder.force('auto');
    return proof;
  };
  const probes: Record<'provider-answers' | 'prompt-whole' | 'cache' | 'budget' | 'moderation', Probe> = {
    'provider-answers': proveProvider,
    'prompt-whole': async (subject) => proveWhole(ladder.chain(), subject),
    cache: () => cache.probe(),
    budget: async (subject) => budget.probe(subject),
    moderation: moderation.probe,
  };
  const shed: Record<'caches' | 'features', () => string> = {
    caches: () => `forgot ${cache.clearLocal()} replies and ${conversation.forgetIdle()} idle conversations`,
    features() {
      conversation.shed(true);
      return 'no scene in the prompt, two turns of memory';
    },
  };
  return {
    commands,
    probes,
    shed: async (what: 'caches' | 'features') => shed[what](),
    restore: async () => conversation.shed(false),
  } satisfies Partial<ServiceParts<'llm-service'>>;
}
