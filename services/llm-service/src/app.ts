import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInContainer, type LlmProvider } from '@understudy/shared/config';
import type { Reply } from '@understudy/shared/contracts';
import { findApiKey } from '@understudy/shared/providers';
import {
  type Compose,
  createAnswerTimes,
  createFailureStreaks,
  createTurnCollector,
  type FailureStreaks,
  readSecret,
  type ServiceContext,
} from '@understudy/shared/service';
import { registerSecret } from '@understudy/shared/telemetry';
import { ExponentialBackoff } from 'cockatiel';
import { type Budget, createBudget } from './budget/budget.ts';
import { createSpentFile } from './budget/spent-file.ts';
import { createLocalReplies } from './cache/local-replies.ts';
import { createRedisReplies } from './cache/redis-replies.ts';
import { createReplyCache } from './cache/reply-cache.ts';
import { createConversation } from './conversation/conversation.ts';
import { createLadderClimber } from './ladder/climb-ladder.ts';
import { createLadderState, type LadderGates } from './ladder/ladder-state.ts';
import { createProviderRung } from './ladder/provider-rung.ts';
import { createSelfCare } from './ladder/self-care.ts';
import { createModeration } from './moderation/moderation.ts';
import { createModerationService } from './moderation/moderation-service.ts';
import { createStrikes } from './moderation/strikes.ts';
import { askOllamaContext } from './providers/ollama-context.ts';
import { createOpenAiProvider } from './providers/openai-provider.ts';
import { createProviderBreaker } from './providers/provider-breaker.ts';
import { createProviderChain } from './providers/provider-chain.ts';
import { createProviderProof } from './providers/provider-proof.ts';
import { createSilentCut } from './providers/silent-cut.ts';
import { createRecoveryHandlers } from './recovery-handlers.ts';
import { createPersonaLines } from './reply/persona-lines.ts';
import { createInputRoute } from './routes/input-route.ts';
import { createTurnAnswerer } from './turns/answer-turn.ts';
import { createDroppedTurns } from './turns/dropped-turns.ts';
import { isSpokenOver } from './turns/spoken-over.ts';
import { createTurnQueue } from './turns/turn-queue.ts';

/** Where the starter's Redis listens (or a file that says it); absent: there is none, and the cache is this process's own. */
const REDIS_URL = 'UNDERSTUDY_REDIS_URL';

/** Between a quick failure of the last provider and the one retry, ms; full jitter. */
const RETRY_BACKOFF = { initialDelay: 200, maxDelay: 400 };

type Context = ServiceContext<'llm-service'>;

function readKey(settings: Pick<LlmProvider, 'api_key_env' | 'api_key_file'>) {
  const key = findApiKey(settings, { env: process.env, readFile: (path) => readFileSync(path, 'utf8') });
  if (key.ok && key.isSecret) registerSecret(key.key);
  return key;
}

function createModerationEndpoint(context: Context) {
  const build = () => {
    const { endpoint } = context.config().llm.moderation;
    return endpoint === undefined ? undefined : createModerationService(endpoint, readKey(endpoint));
  };
  let service = build();
  context.onConfig(() => {
    service = build();
  });
  return () => service;
}

interface LadderParts {
  readonly streaks: FailureStreaks;
  readonly gates: LadderGates;
  readonly spend: Budget['spend'];
}

const createLadder = (context: Context, { streaks, gates, spend }: LadderParts) => {
  const build: Parameters<typeof createLadderState>[1] = (settings, breaker, onBreaker) => {
    streaks.expect(settings.map(({ name }) => name));
    return createProviderChain(settings, {
      createProvider(one, room) {
        const watchContext = createSilentCut({
          provider: one.name,
          model: one.model,
          room,
          askContext: () => askOllamaContext(one.base_url, one.model),
          report: context.reportError,
        });
        return createOpenAiProvider(one, readKey(one), {
          clock: context.clock,
          isInContainer: isInContainer(process.env),
          onUsage(used) {
            spend(one, used);
            void watchContext(used);
          },
        });
      },
      createBreaker: (onChange) =>
        createProviderBreaker(
          { consecutiveFailures: breaker.consecutive_failures, halfOpenAfterMs: breaker.half_open_after_ms },
          context.clock.now,
          onChange,
        ),
      onBreaker,
      now: context.clock.now,
    });
  };
  return createLadderState(context, build, gates);
};

function createCache(context: Context) {
  const { bot, llm } = context.config();
  const url = readSecret(REDIS_URL, process.env);
  const local = createLocalReplies(context.clock.now, () => context.config().llm.cache.max_entries);
  const prefix = `understudy:${bot}:reply:`;
  const redis = url ? createRedisReplies({ url, prefix, timeoutMs: llm.cache.timeout_ms }) : undefined;
  return createReplyCache(context, local, redis);
}

export const compose: Compose<'llm-service'> = async (context) => {
  const { bus, clock, config } = context;
  const stopped = new AbortController();
  const streaks = createFailureStreaks(context.metrics, 'llm');
  const strikes = createStrikes(clock.now, () => config().llm.moderation);
  const budget = createBudget(context, createSpentFile(join(context.dataFolder, 'spent.json')), (names, event) => {
    for (const name of names) ladder.shutOut(name, event);
  });
  const ladder = createLadder(context, {
    streaks,
    gates: { isOut: (name) => strikes.isOut(name) || budget.isOut(name) },
    spend: budget.spend,
  });
  budget.begin();
  const moderation = createModeration(context, {
    service: createModerationEndpoint(context),
    strikes,
    onOut: (name, event) => ladder.shutOut(name, event),
  });
  const cache = createCache(context);
  const conversation = createConversation(config, clock.now);
  const line = createPersonaLines(() => config().persona);
  const prove = createProviderProof({
    chain: ladder.chain,
    limits: () => ({
      firstTokenMs: config().llm.first_token_timeout_ms,
      nextTokenMs: config().llm.next_token_timeout_ms,
    }),
    clock,
    onProof(name) {
      streaks.worked(name);
      ladder.proven(name);
    },
    onFailure: streaks.failed,
    report: context.reportError,
    stopped: AbortSignal.any([context.signal, stopped.signal]),
  });
  const collector = createTurnCollector(context);
  const answerTimes = createAnswerTimes(context.metrics, clock);
  const send = (reply: Reply) => {
    answerTimes.said(reply.turnId, reply.source);
    bus.publish('reply', reply);
    collector.onReply(reply);
  };
  const askProvider = createProviderRung(context, new ExponentialBackoff(RETRY_BACKOFF), streaks);
  const climb = createLadderClimber(context, { askProvider, line });
  const turns = createTurnAnswerer(context, { ladder, climb, cache, conversation, line, moderation, send });
  const queue = createTurnQueue({
    atOnce: config().llm.turns.at_once,
    waiting: config().llm.turns.waiting,
    now: clock.now,
    answer: turns.answer,
    drop: createDroppedTurns(context, turns.excuse),
  });
  const subscriptions = [
    bus.subscribe('input', async (input, { trace }) => void (await queue.accept(input, trace))),
    bus.subscribe('utterance', async (input, { trace }) => {
      queue.interrupt((earlier) => isSpokenOver(earlier, input));
      await queue.accept(input, trace);
    }),
    bus.subscribe('delivery', ({ turnId, interrupted }) => {
      if (interrupted) queue.interrupt((earlier) => earlier.turnId === turnId);
    }),
    bus.subscribe('observation', conversation.see),
  ];
  context.onConfig(() => {
    strikes.clear();
    ladder.rebuild();
    budget.begin();
  });
  void createSelfCare(context, ladder, prove).run(AbortSignal.any([context.signal, stopped.signal]));

  return {
    ...createRecoveryHandlers({ cache, conversation, ladder, prove, budget, moderation }),
    routes: createInputRoute(context, { collector, queue, answerTimes }),
    safeMoment: queue.idle,
    async stop() {
      for (const unsubscribe of subscriptions) unsubscribe();
      await queue.idle(AbortSignal.timeout(config().llm.deadline_ms));
      stopped.abort();
      collector.close();
      cache.close();
    },
  };
};
