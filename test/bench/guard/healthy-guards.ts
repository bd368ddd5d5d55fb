import { createFailureStreaks } from '@understudy/shared/service';
import { createFakeContext } from '@understudy/shared/testing';
import {
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { createDeadline } from '../../../services/audio-gateway/src/providers/deadline.ts';
import { createProviderBreaker as createVoiceBreaker } from '../../../services/audio-gateway/src/providers/provider-breaker.ts';
import { createProviderChain } from '../../../services/audio-gateway/src/providers/provider-chain.ts';
import { createProviderRung } from '../../../services/llm-service/src/ladder/provider-rung.ts';
import { createContextRoom } from '../../../services/llm-service/src/providers/context-room.ts';
import { createProviderBreaker } from '../../../services/llm-service/src/providers/provider-breaker.ts';
import { createRequestPace } from '../../../services/llm-service/src/providers/request-pace.ts';

const TIMEOUT_MS = 2000;
const BREAKER = { consecutive_failures: 5, half_open_after_ms: 10_000, account_after_ms: 60_000 };
const answer = async (): Promise<string> => 'answer';

/** The composition of cockatiel's README: retry, breaker, timeout. */
export function cockatielAlone(): () => Promise<unknown> {
  const policy = wrap(
    retry(handleAll, { maxAttempts: 1, backoff: new ExponentialBackoff() }),
    circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) }),
    timeout(TIMEOUT_MS, TimeoutStrategy.Cooperative),
  );
  return () => policy.execute(answer);
}

/** What stands around each call for transcription and speech: chain, breaker, deadline, counter, histogram. */
export function voiceGuard(): () => Promise<unknown> {
  const context = createFakeContext('audio-gateway');
  const chain = createProviderChain(context, {
    providers: [{ name: 'main' }],
    task: 'speech',
    breaker: BREAKER,
    streaks: createFailureStreaks(context.metrics, 'speech'),
    classify: (_provider, error) => {
      throw error;
    },
    onRung: () => {},
  });
  return () =>
    chain.run(async () => {
      const deadline = createDeadline(context.clock, TIMEOUT_MS);
      try {
        return await answer();
      } finally {
        deadline.stop();
      }
    });
}

/** What stands around each question to a model: breaker, retry, deadline, counter, two histograms, the span, and the cutting into sentences. */
export function modelGuard(): () => Promise<unknown> {
  const context = createFakeContext('llm-service');
  const rung = createProviderRung(context, new ExponentialBackoff(), createFailureStreaks(context.metrics, 'llm'));
  const limits = { consecutiveFailures: 5, halfOpenAfterMs: 10_000 };
  const link = {
    provider: {
      maxTokens: 200,
      name: 'main',
      async *ask() {
        yield { type: 'text', text: 'answer' } as const;
        yield { type: 'end', reason: 'stop' } as const;
      },
    },
    breaker: createProviderBreaker(limits, context.clock.now, () => {}),
    pace: createRequestPace(Date.now, undefined),
    room: createContextRoom(200),
    lastFailure: undefined,
  };
  const prompt = () => [];
  const nothing = () => {};
  const check = async () => {};
  const { signal } = new AbortController();
  return () =>
    rung({
      link,
      mayRetry: true,
      firstTokenMs: TIMEOUT_MS,
      until: context.clock.now() + TIMEOUT_MS,
      prompt,
      alreadySaid: [],
      check,
      signal,
      say: nothing,
      shorten: nothing,
      report: nothing,
    });
}

/** What a frame or a packet may cost: one look at a breaker, one count. */
export function packetGuard(): () => void {
  const { metrics, clock } = createFakeContext('audio-gateway');
  const breaker = createVoiceBreaker(BREAKER, clock, () => {});
  const count = metrics.bindCounter('understudy_audio_packets_total', { direction: 'out', result: 'sent' });
  return () => {
    if (!breaker.isBlocking()) count();
  };
}
