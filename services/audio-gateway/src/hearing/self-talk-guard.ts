import { distance } from 'fastest-levenshtein';
import { HEARING_RATE_HZ } from '../audio/frame-cutter.ts';
import type { Heard } from './listen.ts';

/** What the bot said counts for so long after its end: the way through the room, the transcription's time excluded. */
const REMEMBERED_MS = 10_000;
/** A pause of so long between two pieces of self-talk ends the burst. */
const BURST_PAUSE_MS = 10_000;
const MAX_REMEMBERED = 32;

/** Over less than this, other voices follow the bot's loudness as closely by chance (0.94 over 0.7 s, 0.74 over 1.5 s). */
const SHORTEST_SOUND_MS = 1500;

/** How it was noticed, how close it is to what the bot said (0 to 1), and whether it begins a burst. */
export interface SelfTalk {
  readonly kind: 'text' | 'energy';
  readonly similarity: number;
  readonly isFirstOfBurst: boolean;
}

export interface SelfTalkGuard {
  /** The bot begins to say this. @returns to be called when it has ended */
  onSpeaking(text: string): (endedAt: number) => void;
  /** Somebody has just been found to speak over the bot: what is heard now is not the bot's alone, however its loudness runs. */
  onBargeIn(at: number): void;
  /** By its words. @param heardAt when the utterance ended */
  judge(text: string, heardAt: number): SelfTalk | undefined;
  /** By its loudness, before it costs a transcription. @param heardAt when the utterance ended */
  judgeSound(heard: Heard, heardAt: number): SelfTalk | undefined;
}

/** Letters and digits of any script, without case, accents kept: what a transcription keeps of a sentence. */
export const normalise = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** 1: the same words; 0: nothing in common. */
export function similarity(a: string, b: string): number {
  const [left, right] = [normalise(a), normalise(b)];
  const longest = Math.max(left.length, right.length);
  return longest === 0 ? 0 : 1 - distance(left, right) / longest;
}

/** Half-duplex by content: what reads or sounds like the bot's own last words is dropped, whoever else speaks meanwhile is heard. */
export function createSelfTalkGuard(
  thresholds: () => { readonly self_talk_similarity: number; readonly self_talk_correlation: number },
  likeness: (heard: Heard) => number | undefined,
): SelfTalkGuard {
  let spoken: { readonly text: string; endedAt: number | undefined }[] = [];
  let lastSelfTalkAt = Number.NEGATIVE_INFINITY;
  let bargedInAt = Number.NEGATIVE_INFINITY;

  const selfTalk = (kind: SelfTalk['kind'], close: number, heardAt: number): SelfTalk => {
    const isFirstOfBurst = heardAt - lastSelfTalkAt > BURST_PAUSE_MS;
    lastSelfTalkAt = heardAt;
    return { kind, similarity: close, isFirstOfBurst };
  };

  return {
    onSpeaking(text) {
      const sentence: (typeof spoken)[number] = { text, endedAt: undefined };
      spoken = [...spoken, sentence].slice(-MAX_REMEMBERED);
      return (endedAt) => {
        sentence.endedAt = endedAt;
      };
    },
    onBargeIn(at) {
      bargedInAt = at;
    },
    judge(text, heardAt) {
      spoken = spoken.filter(({ endedAt }) => heardAt - (endedAt ?? heardAt) <= REMEMBERED_MS);
      const closest = Math.max(
        0,
        ...runsOf(spoken.map((sentence) => sentence.text)).map((run) => similarity(run, text)),
      );
      return closest < thresholds().self_talk_similarity ? undefined : selfTalk('text', closest, heardAt);
    },
    judgeSound(heard, heardAt) {
      if (bargedInAt >= heard.beganAt) return undefined;
      if (heard.samples.length * 1000 < SHORTEST_SOUND_MS * HEARING_RATE_HZ) return undefined;
      const closest = likeness(heard);
      if (closest === undefined || closest < thresholds().self_talk_correlation) return undefined;
      return selfTalk('energy', closest, heardAt);
    },
  };
}

/** Sentences spoken right after one another may be heard as one: every run of up to four of them. */
function runsOf(sentences: readonly string[]): string[] {
  return sentences.flatMap((_, start) =>
    [1, 2, 3, 4]
      .filter((count) => start + count <= sentences.length)
      .map((count) => sentences.slice(start, start + count).join(' ')),
  );
}
