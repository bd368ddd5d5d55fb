import { countLines, MAX_LINES } from './count-lines.ts';

export interface PageLimits {
  /** UTF-16 units of one page. */
  readonly maxLength: number;
}

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const words = new Intl.Segmenter('en', { granularity: 'word' });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

export const fitsPage = (text: string, { maxLength }: PageLimits): boolean =>
  text.length <= maxLength && countLines(text) <= MAX_LINES;

type Cut = (text: string) => string[];

/** Code points last: one grapheme may be longer than a page (stacked accents), half a surrogate pair is never sent. */
const cuts: readonly Cut[] = [
  ...[sentences, words, graphemes].map(
    (segmenter): Cut =>
      (text) =>
        [...segmenter.segment(text)].map(({ segment }) => segment),
  ),
  (text) => [...text],
];

/** As many pieces on a page as fit; a piece that does not fit alone is cut finer. */
function fill(pieces: readonly string[], depth: number, limits: PageLimits): string[] {
  const pages: string[] = [];
  let page = '';
  for (const piece of pieces) {
    if (fitsPage((page + piece).trim(), limits)) {
      page += piece;
      continue;
    }
    if (page.trim()) pages.push(page.trim());
    page = '';
    if (fitsPage(piece.trim(), limits)) {
      page = piece;
      continue;
    }
    const finer = cuts[depth + 1];
    // A page of one unit cannot take a surrogate pair.
    const parts = finer ? fill(finer(piece), depth + 1, limits) : ['?'];
    pages.push(...parts.slice(0, -1));
    page = (parts.at(-1) ?? '') + piece.slice(piece.trimEnd().length);
  }
  if (page.trim()) pages.push(page.trim());
  return pages;
}

/** Cuts a clean text into pages of the chatbox: at sentences, else at words, else between characters. */
export const splitPages = (text: string, limits: PageLimits): string[] =>
  fitsPage(text, limits) ? [text].filter(Boolean) : fill(cuts[0]?.(text) ?? [], 0, limits);
