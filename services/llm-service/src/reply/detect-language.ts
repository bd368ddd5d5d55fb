/** A language that is told by how it is written. First match counts: Japanese writes Chinese characters too. */
const SCRIPTS: readonly (readonly [language: string, script: RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['ko', /\p{Script=Hangul}/u],
  ['zh', /\p{Script=Han}/u],
  ['ru', /\p{Script=Cyrillic}/u],
];

/** The commonest short words, and what one says to a stage. A word of two languages counts half for each. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  en: 'the is are you what who how hello hi hey bye this that with and my your do can'.split(' '),
  de: 'der das ist du ich und nicht wie wer wo hallo moin tschüss danke bitte bist dein mein eine geht'.split(' '),
  fr: 'le les est tu je vous et pas comment qui où bonjour salut merci une dans ton suis quoi ça'.split(' '),
  es: 'el los es tú yo y cómo qué quién dónde hola adiós gracias eres estás una muy tu'.split(' '),
  it: 'il sono sei io non come chi dove ciao grazie una molto cosa che stai buongiorno'.split(' '),
  pt: 'o os você eu não como quem onde olá oi obrigado obrigada uma muito está tchau bom'.split(' '),
  nl: 'het een ik niet hoe wie waar hoi dag dank je jij bent wat goedemorgen'.split(' '),
  pl: 'jest ty ja nie jak kto gdzie cześć dziękuję jesteś się czy co dobry'.split(' '),
};

const KNOWN = new Map<string, string[]>();
for (const [language, words] of Object.entries(WORDS)) {
  for (const word of words) KNOWN.set(word, [...(KNOWN.get(word) ?? []), language]);
}

/**
 * A guess that costs nothing, good enough to choose a prepared line: by script, else by short words.
 * @returns its two letters; `undefined` when nothing speaks for one language more than for another
 */
export function detectLanguage(text: string): string | undefined {
  const script = SCRIPTS.find(([, pattern]) => pattern.test(text));
  if (script) return script[0];
  const votes = new Map<string, number>();
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    const languages = KNOWN.get(word) ?? [];
    for (const language of languages) votes.set(language, (votes.get(language) ?? 0) + 1 / languages.length);
  }
  const [first, second] = [...votes].sort(([, a], [, b]) => b - a);
  return first !== undefined && first[1] > (second?.[1] ?? 0) ? first[0] : undefined;
}
