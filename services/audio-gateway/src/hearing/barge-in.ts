import type { ServiceContext } from '@understudy/shared/service';
import type { Heard } from './listen.ts';
import type { OwnVoice } from './own-voice.ts';

interface BargeInParts {
  readonly ownVoice: Pick<OwnVoice, 'likeness'>;
  readonly isBotSpeaking: () => boolean;
  /** Ends what the bot says, and the rest of its turn. */
  readonly stopBot: () => void;
}

/** A short sound follows the bot's by chance, and a room blurs its echo: over 0.8 s that was 0.77 and more (docs: README, Hearing). */
const MARGIN = 0.1;

/** With each frame while someone speaks; `speechMs` of it so far. */
export type BargeIn = (speechMs: number, heard: () => Heard) => void;

/** A person who speaks so long over the bot means it. The bot's own voice, heard again, never does. */
export function createBargeIn(
  context: Pick<ServiceContext, 'config' | 'metrics' | 'logger'>,
  { ownVoice, isBotSpeaking, stopBot }: BargeInParts,
): BargeIn {
  /** How much had been said when the bot was first found to speak at the same time. */
  let overlapFrom: number | undefined;
  let lastSpeechMs = 0;

  return (speechMs, heard) => {
    const { speech_detection, self_talk_correlation } = context.config().audio;
    const isNewUtterance = speechMs < lastSpeechMs;
    lastSpeechMs = speechMs;
    if (!speech_detection.barge_in || !isBotSpeaking()) {
      overlapFrom = undefined;
      return;
    }
    if (isNewUtterance || overlapFrom === undefined) overlapFrom = isNewUtterance ? 0 : speechMs;
    if (speechMs - overlapFrom < speech_detection.barge_in_ms) return;
    const likeness = ownVoice.likeness(heard());
    if (likeness === undefined || likeness >= self_talk_correlation - MARGIN) return;
    overlapFrom = undefined;
    context.metrics.inc('understudy_barge_ins_total');
    context.logger.info('Somebody spoke over the bot, which stopped', {
      context: { speechMs, likeness: Math.round(likeness * 100) / 100 },
    });
    stopBot();
  };
}
