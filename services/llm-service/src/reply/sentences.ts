/** A sentence that never ends is cut here: speech and chatbox want something to work with. UTF-16 units. */
export const MAX_SENTENCE_LENGTH = 240;

const WESTERN_END = /[.!?…]/;
const CJK_END = /[。！？｡]/;
const CLOSER = /["'”’»)\]」』）】]/;
const SPACE = /\s/;

/** A full stop after these ends no sentence. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof sr jr st vs e.g i.e approx fig ca cf mt dept gen col sgt rev hon bzw z.b d.h usw'.split(' '),
);

const isAbbreviation = (before: string): boolean => {
  const word = /(\S+)$/.exec(before)?.[1]?.replace(/^["'“‘«([]+/, '') ?? '';
  const isInitial = /^[A-Z]$/.test(word) && word !== 'I';
  const isListNumber = word === before.trimStart() && /^\d{1,2}$/.test(word);
  return isInitial || isListNumber || /^([A-Za-z]\.)+[A-Za-z]$/.test(word) || ABBREVIATIONS.has(word.toLowerCase());
};

const skip = (text: string, from: number, what: RegExp): number => {
  let at = from;
  while (at < text.length && what.test(text.charAt(at))) at += 1;
  return at;
};

type Boundary =
  | { readonly type: 'none'; readonly next: number }
  | { readonly type: 'unsure' }
  | { readonly type: 'end'; readonly at: number };

/** Does a sentence end at `index`? `unsure` until the first character of the next sentence is there. */
function boundaryAt(text: string, index: number): Boundary {
  const char = text.charAt(index);
  if (char === '\n') {
    return skip(text, index, SPACE) === text.length ? { type: 'unsure' } : { type: 'end', at: index };
  }
  const isCjk = CJK_END.test(char);
  if (!isCjk && !WESTERN_END.test(char)) return { type: 'none', next: index + 1 };
  const runEnd = skip(text, index, isCjk ? CJK_END : WESTERN_END);
  const end = skip(text, runEnd, CLOSER);
  const next = skip(text, end, SPACE);
  if (next === text.length) return { type: 'unsure' };
  if (isCjk) return { type: 'end', at: end };
  if (next === end) return { type: 'none', next: end };
  const run = text.slice(index, runEnd);
  if (run === '.' && isAbbreviation(text.slice(0, index))) return { type: 'none', next: end };
  // A trailing-off goes on in small letters: "Well... maybe."
  if (/^(\.{2,}|…+)$/.test(run) && /\p{Ll}/u.test(text.charAt(next))) return { type: 'none', next: end };
  return { type: 'end', at: end };
}

/** Where to cut text that has no end within `max`: after its last space, in its second half; never within a surrogate pair. */
function forcedCut(text: string, max: number): number {
  const space = text.slice(0, max + 1).search(/\s\S*$/);
  if (space >= max / 2) return space;
  return /[\uD800-\uDBFF]/.test(text.charAt(max - 1)) ? max - 1 : max;
}

function firstCut(text: string, max: number): number | undefined {
  let index = 0;
  while (index < Math.min(text.length, max)) {
    const boundary = boundaryAt(text, index);
    if (boundary.type === 'unsure') return undefined;
    if (boundary.type === 'end' && boundary.at <= max) return boundary.at;
    if (boundary.type === 'end') break;
    index = boundary.next;
  }
  if (text.length <= max) return undefined;
  const cut = forcedCut(text, max);
  return text.slice(cut).trim() === '' ? undefined : cut;
}

/**
 * The sentences that have surely ended, and the rest. More text never changes them: what the splitter gives does not depend
 * on how the stream was cut, and the rest of a text with words is never empty, so that a last sentence can be marked as such.
 * @param max longest sentence in UTF-16 units, at least 2
 */
export function splitSentences(text: string, max = MAX_SENTENCE_LENGTH): { sentences: string[]; rest: string } {
  const sentences: string[] = [];
  let rest = text.trimStart();
  for (let cut = firstCut(rest, max); cut !== undefined; cut = firstCut(rest, max)) {
    sentences.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trimStart();
  }
  return { sentences, rest };
}

/** What is left when the stream has ended; pieces of `max` at the most. */
export function splitRest(rest: string, max = MAX_SENTENCE_LENGTH): string[] {
  const pieces: string[] = [];
  let left = rest.trim();
  while (left.length > max) {
    const cut = forcedCut(left, max);
    pieces.push(left.slice(0, cut).trim());
    left = left.slice(cut).trim();
  }
  return left === '' ? pieces : [...pieces, left];
}
