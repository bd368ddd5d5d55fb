import { randomUUID } from 'node:crypto';
import { MAX_INPUT_LENGTH, saysNothing, type TurnInput } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import { withSpan } from '@understudy/shared/telemetry';
import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { ChainResult } from '../providers/provider-chain.ts';
import type { Heard } from './listen.ts';
import type { SelfTalk, SelfTalkGuard } from './self-talk-guard.ts';
import type { TranscriptWatch } from './transcript-watch.ts';

/** One utterance is transcribed at a time; more than this waiting are dropped, the newest first: the bot could not answer them in time. */
const WAITING_UTTERANCES = 3;

interface HearingParts {
  readonly transcribe: (samples: Float32Array) => Promise<ChainResult<string>>;
  readonly guard: Pick<SelfTalkGuard, 'judge' | 'judgeSound'>;
  readonly watch: Pick<TranscriptWatch, 'onTranscript'>;
  /** Someone said something to the bot. @param endedAt epoch ms, when the speech was found to be over */
  readonly onHeard: (turn: TurnInput, endedAt: number) => void;
}

export interface Hearing {
  onUtterance(heard: Heard): Promise<void>;
  isBusy(): boolean;
}

type Surroundings = Pick<ServiceContext, 'name' | 'clock' | 'config' | 'metrics' | 'logger' | 'reportError'>;
type Result = 'heard' | 'empty' | 'self_talk' | 'failed' | 'dropped';

/** From an utterance's sound to the turn that it begins. */
export function createHearing(context: Surroundings, { transcribe, guard, watch, onHeard }: HearingParts): Hearing {
  const { clock, metrics } = context;
  const oneByOne = bulkhead(1, WAITING_UTTERANCES);
  let busy = 0;

  const drop = (selfTalk: SelfTalk): Result => {
    if (selfTalk.isFirstOfBurst) context.reportError(selfTalkError(selfTalk));
    return 'self_talk';
  };

  const hear = async (heard: Heard, endedAt: number): Promise<Result> => {
    const soundsLikeMe = guard.judgeSound(heard, endedAt);
    if (soundsLikeMe) return drop(soundsLikeMe);
    const transcript = await transcribe(heard.samples);
    if (transcript.state === 'failed') return 'failed';
    const text = transcript.value.slice(0, MAX_INPUT_LENGTH).trim();
    watch.onTranscript(heard, text, transcript.by);
    if (saysNothing(text)) return 'empty';
    const readsLikeMe = guard.judge(text, endedAt);
    if (readsLikeMe) return drop(readsLikeMe);
    metrics.observe('audio_latency_ms', { direction: 'in' }, clock.now() - endedAt);
    const turn: TurnInput = {
      turnId: randomUUID(),
      seq: 0,
      final: true,
      budgetMs: context.config().turn.budget_ms,
      from: context.name,
      source: 'speech',
      text,
    };
    onHeard(turn, endedAt);
    return 'heard';
  };

  return {
    isBusy: () => busy > 0,
    async onUtterance(heard) {
      const endedAt = clock.now();
      metrics.inc('understudy_speech_seconds_total', {}, heard.speechMs / 1000);
      busy += 1;
      let result: Result = 'dropped';
      try {
        result = await oneByOne.execute(() => withSpan('audio-gateway.hear', {}, () => hear(heard, endedAt)));
      } catch (error) {
        if (!(error instanceof BulkheadRejectedError)) context.reportError(error);
      } finally {
        busy -= 1;
        metrics.inc('understudy_utterances_total', { result });
      }
    },
  };
}

const selfTalkError = ({ kind, similarity }: SelfTalk) =>
  new ServiceError(
    'SELF_TALK',
    'The bot heard its own voice and dropped what it heard; use a microphone that does not pick up the output',
    { context: { kind, similarity: Math.round(similarity * 100) / 100 } },
  );
