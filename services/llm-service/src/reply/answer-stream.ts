import { normaliseText } from '../cache/reply-key.ts';
import { splitRest, splitSentences } from './sentences.ts';
import { createSpokenText } from './spoken-text.ts';

/** Longer answers are ended: `Reply.text` and a viewer's patience have limits. Characters of the whole answer. */
const MAX_ANSWER_LENGTH = 4000;
const SENTENCE_END = /[.!?…。！？"”)]$/;

export interface AnswerStreamOptions {
  /** The persona's name: models like to begin with "Mika:". */
  readonly personaName: string;
  /** What the viewer has heard already, from a model that broke off. */
  readonly alreadySaid: readonly string[];
}

/** Turns a model's pieces of text into sentences to say. */
export function createAnswerStream({ personaName, alreadySaid }: AnswerStreamOptions) {
  const spoken = createSpokenText();
  const heard = new Set(alreadySaid.map(normaliseText));
  const ownName = `${personaName}:`;
  let rest = '';
  let length = 0;
  let isFirst = true;
  let hasWhole = false;

  const fit = (sentence: string): string[] => {
    const named = isFirst && sentence.startsWith(ownName);
    isFirst = false;
    const text = (named ? sentence.slice(ownName.length).trim() : sentence).toWellFormed();
    return text === '' || heard.has(normaliseText(text)) ? [] : [text];
  };

  return {
    /** @returns the sentences that are complete and have another one after them */
    push(text: string): string[] {
      const fresh = spoken.push(text).slice(0, MAX_ANSWER_LENGTH - length);
      length += fresh.length;
      const split = splitSentences(rest + fresh);
      rest = split.rest;
      const whole = split.sentences.flatMap(fit);
      hasWhole ||= whole.length > 0;
      return whole;
    },
    isFull: () => length >= MAX_ANSWER_LENGTH,
    /**
     * The sentences that are left; none when there is nothing that the viewer has not heard.
     * @param isCut the model was stopped: what is broken is not said, unless there is nothing else; then it trails off
     */
    end(isCut: boolean): string[] {
      const pieces = splitRest(rest + spoken.end()).flatMap(fit);
      const last = pieces.at(-1);
      if (last === undefined || !isCut || SENTENCE_END.test(last)) return pieces;
      return hasWhole ? [''] : [...pieces.slice(0, -1), `${last}…`];
    },
  };
}
