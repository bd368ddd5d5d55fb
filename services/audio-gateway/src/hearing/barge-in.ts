import type { ServiceContext } from '@understudy/shared/service';
import type { EchoWatch } from '../echo/echo-watch.ts';
import { LONGEST_DELAY_MS } from '../echo/own-voice.ts';
import type { Frame } from './listen.ts';

interface BargeInParts {
  readonly echo: EchoWatch;
  readonly isBotSpeaking: () => boolean;
  /** Ends what the bot says, and the rest of its turn. */
  readonly stopBot: () => void;
}

/** So long after the bot its echo may still be heard: the longest delay, and a room's reverberation. */
const ECHO_LASTS_MS = LONGEST_DELAY_MS + 600;
/** So much of an echo alone is left unexplained: more than a room came to (docs: README, Hearing). */
const USUALLY_UNEXPLAINED = 0.12;

/** Each frame that is heard; `speechMs` of speech so far while someone speaks. */
export type BargeIn = (frame: Frame, speechMs: number | undefined) => void;

/**
 * A person who speaks so long over the bot means it. The bot's own voice, heard again, never does: only sound that it does not explain
 * counts, the more the less of it is explained, and what echo leaves unexplained is taken off.
 */
export function createBargeIn(
  context: Pick<ServiceContext, 'config' | 'metrics' | 'logger'>,
  { echo, isBotSpeaking, stopBot }: BargeInParts,
): BargeIn {
  let botSpokeAt = Number.NEGATIVE_INFINITY;
  let lastSpeechMs = 0;
  let unexplainedMs = 0;

  return ({ samples, endedAt }, speechMs) => {
    const { barge_in, barge_in_ms } = context.config().audio.speech_detection;
    const spokenMs = Math.max(0, (speechMs ?? 0) - lastSpeechMs);
    lastSpeechMs = speechMs ?? 0;
    const botSpeaks = barge_in && isBotSpeaking();
    if (botSpeaks) botSpokeAt = endedAt;
    if (!barge_in || endedAt - botSpokeAt > ECHO_LASTS_MS) return echo.rest();
    const { share, likeness, state } = echo.onFrame(samples, endedAt);
    if (!botSpeaks || speechMs === undefined || state === 'echo') {
      unexplainedMs = 0;
      return;
    }
    const personMs = (spokenMs * (share - USUALLY_UNEXPLAINED)) / (1 - USUALLY_UNEXPLAINED);
    unexplainedMs = Math.max(0, unexplainedMs + personMs);
    if (state === 'unknown' || unexplainedMs < barge_in_ms) return;
    unexplainedMs = 0;
    context.metrics.inc('understudy_barge_ins_total');
    context.logger.info('Somebody spoke over the bot, which stopped', {
      context: { speechMs, likeness: Math.round(likeness * 100) / 100 },
    });
    stopBot();
  };
}
