import { randomUUID } from 'node:crypto';
import { MAX_INPUT_LENGTH, type TurnInput } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import { withSpan } from '@understudy/shared/telemetry';
import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { ChainResult } from '../providers/provider-chain.ts';
import type { SelfTalkGuard } from './self-talk-guard.ts';

/** One utterance is transcribed at a time; more than this waiting are dropped, the newest first: the bot could not answer them in time. */
const WAITING_UTTERANCES = 3;

interface HearingParts {
  readonly transcribe: (samples: Float32Array) => Promise<ChainResult<string>>;
  readonly guard: SelfTalkGuard;
  /** Someone said something to the bot. @param endedAt epoch ms, when the speech was found to be over */
  readonly onHeard: (turn: TurnInput, endedAt: number) => void;
}

export interface Hearing {
  /** @param samples one utterance, 16 kHz mono */
  onUtterance(samples: Float32Array): Promise<void>;
  isBusy(): boolean;
}

type Surroundings = Pick<ServiceContext, 'name' | 'clock' | 'config' | 'metrics' | 'logger' | 'reportError'>;
type Result = 'heard' | 'empty' | 'self_talk' | 'failed' | 'dropped';

/** From an utterance's sound to the turn that it begins. */
export function createHearing(context: Surroundings, { transcribe, guard, onHeard }: HearingParts): Hearing {
  const { clock, metrics } = context;
  const oneByOne = bulkhead(1, WAITING_UTTERANCES);
  let busy = 0;

  const hear = async (samples: Float32Array, endedAt: number): Promise<Result> => {
    const transcript = await transcribe(samples);
    if (transcript.state === 'failed') return 'failed';
    const text = transcript.value.slice(0, MAX_INPUT_LENGTH).trim();
    if (text === '') return 'empty';
    const selfTalk = guard.judge(text, endedAt);
    if (selfTalk) {
      if (selfTalk.isFirstOfBurst) context.reportError(selfTalkError(selfTalk.similarity));
      return 'self_talk';
    }
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
    async onUtterance(samples) {
      const endedAt = clock.now();
      busy += 1;
      let result: Result = 'dropped';
      try {
        result = await oneByOne.execute(() => withSpan('audio-gateway.hear', {}, () => hear(samples, endedAt)));
      } catch (error) {
        if (!(error instanceof BulkheadRejectedError)) context.reportError(error);
      } finally {
        busy -= 1;
        metrics.inc('understudy_utterances_total', { result });
      }
    },
  };
}

const selfTalkError = (similarity: number) =>
  new ServiceError(
    'SELF_TALK',
    'The bot heard its own last words and dropped them; use a microphone that does not pick up the output',
    { context: { similarity: Math.round(similarity * 100) / 100 } },
  );
