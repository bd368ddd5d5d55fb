/** Letters of other alphabets that look like Latin ones, and digits and signs that stand for letters. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  ...{ а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', х: 'x', у: 'y', і: 'i', к: 'k', м: 'm', т: 't', н: 'h', в: 'b' },
  ...{ α: 'a', ε: 'e', ο: 'o', ρ: 'p', ι: 'i', κ: 'k', ν: 'v', τ: 't', υ: 'u', ı: 'i', ł: 'l', ø: 'o', ß: 'ss' },
};
const LEET: Readonly<Record<string, string>> = { '0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's' };
/** One sign, two letters: each is tried. */
const LEET_ONES = ['i', 'l'] as const;

/** Written without spaces between words: there a word is found within the text. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const SEPARATORS = /[^\p{L}\p{N}@$!]+/u;

/** Case, width, accents, invisible characters and look-alikes do not count. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/./gsu, (char) => LOOK_ALIKES[char] ?? char);

/** `!` and `1` only within a word: "hi!" ends a sentence. */
const unleet = (word: string, one: string): string =>
  word
    .replace(/[0345-7@$]/g, (char) => LEET[char] ?? char)
    .replace(/[1!](?=\p{L})|(?<=\p{L})1/gu, one)
    .replace(/!/g, '');

/** "baaaad": a run of three or more is meant as one, or as two. */
const unstretch = (word: string): string[] =>
  /(.)\1{2}/u.test(word) ? [word.replace(/(.)\1{2,}/gu, '$1'), word.replace(/(.)\1{2,}/gu, '$1$1')] : [word];

const variantsOf = (word: string): string[] => [
  ...new Set([word.replace(/[@$!]/g, ''), ...LEET_ONES.map((one) => unleet(word, one))].flatMap(unstretch)),
];

/** "b a d" and "b.a.d" are one word; a lone "I" or "a" between words stays what it is. */
function joinLetters(words: readonly string[]): string[] {
  const joined: string[] = [];
  let run = '';
  for (const word of [...words, '']) {
    if ([...word].length === 1) run += word;
    else {
      if (run.length > 2) joined.push(run);
      run = '';
    }
  }
  return joined;
}

const wordsOf = (text: string): string[] => fold(text).split(SEPARATORS).filter(Boolean);

/**
 * Does one of the words stand in a text, as a word, however it is written? Phrases of several words are found in a row.
 * It is a list of an operator's and no judgement: what is not on it passes.
 */
export function createBlockedWords(blocked: readonly string[]): (text: string) => boolean {
  const within = blocked.filter((word) => UNSPACED.test(word)).map((word) => fold(word).replace(/\s+/g, ''));
  const phrases = blocked
    .filter((word) => !UNSPACED.test(word))
    .map((word) => wordsOf(word).map((part) => part.replace(/[@$!]/g, '') || part))
    .filter((phrase) => phrase.length > 0);

  return (text) => {
    if (within.length > 0) {
      const tight = fold(text).replace(/[^\p{L}\p{N}]+/gu, '');
      if (within.some((word) => tight.includes(word))) return true;
    }
    if (phrases.length === 0) return false;
    const words = wordsOf(text);
    const variants = words.map(variantsOf);
    const alone = new Set(joinLetters(words).flatMap(variantsOf));
    return phrases.some((phrase) => {
      const [only] = phrase;
      if (phrase.length === 1 && only !== undefined && alone.has(only)) return true;
      return variants.some((_, at) => phrase.every((part, index) => variants[at + index]?.includes(part) ?? false));
    });
  };
}
