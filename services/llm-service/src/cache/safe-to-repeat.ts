import { normaliseText } from './reply-key.ts';

export interface Exchange {
  readonly question: string;
  readonly reply: string;
  /** Whoever spoke in the session, as their user ids. */
  readonly viewers: readonly string[];
  /** Summaries that stood in the prompt. */
  readonly sights: readonly string[];
}

/** A long question is hardly asked again in the same words, and a long reply is rarely fit for another moment. */
const MAX_QUESTION_LENGTH = 160;
const MAX_REPLY_LENGTH = 600;

const TIME =
  /\b(now|today|tonight|yesterday|tomorrow|time|clock|o'clock|date|day|week(end)?|month|year|morning|noon|afternoon|evening|night|hour|minute|second|ago|latest|news|weather|\d{1,2}:\d{2})s?\b/iu;
const SIGHT =
  /\b(see|seen|saw|look(s|ing)?|watch(ing)?|show(s|ing)?|wear(ing)?|outfit|scene|camera|screen|room|world|behind|around|in front of|bright(er|ness)?|dark(er)?|moving|over there)\b/iu;
/** Points at what was said before, or at somebody. */
const REFERENCE =
  /\b(you said|i said|you told|i told|remember|earlier|before|again|previous|last one|that one|this one|and then|go on|continue|same|also|too|another)\b|^(and|but|so|then|why|really|more|it|that|those|he|she|they)\b/iu;
const PERSONAL = /\b(i'?m|i am|i was|i've|i have|me|my|mine|myself|name is|call me|who am i)\b/iu;
/** In a reply the first person is the persona; these speak of the one viewer or of the one moment. */
const REPLY_REFERENCE =
  /\b(you said|you told|as i said|i said|i told you|remember|earlier|last time|again|your (name|voice|avatar|outfit))\b/iu;
const REPLY_TIME =
  /\b(now|today|tonight|yesterday|tomorrow|o'?clock|(this|good) (morning|afternoon|evening|night)|ago|\d{1,2}:\d{2})\b/iu;

const words = (text: string): string[] => normaliseText(text).split(' ').filter(Boolean);

/** The words of a sight that carry its meaning. */
const contentWords = (sights: readonly string[]): Set<string> =>
  new Set(sights.flatMap(words).filter((word) => word.length > 4));

/**
 * May this reply be given to another viewer who says the same words on another day? When in doubt it may not: a wrong
 * or creepy answer is worse than a pattern (failures.md, weak points of the plan).
 */
export function isSafeToRepeat({ question, reply, viewers, sights }: Exchange): boolean {
  if (question.length > MAX_QUESTION_LENGTH || reply.length > MAX_REPLY_LENGTH || reply.endsWith('…')) return false;
  if ([TIME, SIGHT, REFERENCE, PERSONAL].some((cue) => cue.test(question.trim()))) return false;
  if (REPLY_REFERENCE.test(reply) || REPLY_TIME.test(reply)) return false;
  const spoken = new Set(words(reply));
  const names = viewers.flatMap(words).filter((word) => word.length > 1);
  const seen = contentWords(sights);
  return !names.some((name) => spoken.has(name)) && ![...spoken].some((word) => seen.has(word));
}
