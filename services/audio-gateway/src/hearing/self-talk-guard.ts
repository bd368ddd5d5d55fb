import { distance } from 'fastest-levenshtein';

/** What the bot said counts for so long after its end: the way through the room, the transcription's time excluded. */
const REMEMBERED_MS = 10_000;
/** A pause of so long between two pieces of self-talk ends the burst. */
const BURST_PAUSE_MS = 10_000;
const MAX_REMEMBERED = 32;

export interface SelfTalkGuard {
  /** The bot begins to say this. @returns to be called when it has ended */
  onSpeaking(text: string): (endedAt: number) => void;
  /**
   * @param heardAt when the utterance ended
   * @returns how close it is to what the bot said, 0 to 1, and whether it begins a burst, if it is self-talk
   */
  judge(text: string, heardAt: number): { readonly similarity: number; readonly isFirstOfBurst: boolean } | undefined;
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

/** Half-duplex by content: what sounds like the bot's own last words is dropped, whoever else speaks meanwhile is heard. */
export function createSelfTalkGuard(threshold: () => number): SelfTalkGuard {
  let spoken: { readonly text: string; endedAt: number | undefined }[] = [];
  let lastSelfTalkAt = Number.NEGATIVE_INFINITY;

  return {
    onSpeaking(text) {
      const sentence: (typeof spoken)[number] = { text, endedAt: undefined };
      spoken = [...spoken, sentence].slice(-MAX_REMEMBERED);
      return (endedAt) => {
        sentence.endedAt = endedAt;
      };
    },
    judge(text, heardAt) {
      spoken = spoken.filter(({ endedAt }) => heardAt - (endedAt ?? heardAt) <= REMEMBERED_MS);
      const closest = Math.max(
        0,
        ...runsOf(spoken.map((sentence) => sentence.text)).map((run) => similarity(run, text)),
      );
      if (closest < threshold()) return undefined;
      const isFirstOfBurst = heardAt - lastSelfTalkAt > BURST_PAUSE_MS;
      lastSelfTalkAt = heardAt;
      return { similarity: closest, isFirstOfBurst };
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
