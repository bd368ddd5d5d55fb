/**
 * VRChat shows nine lines, "including new lines and word wrap" (its OSC documentation), and says nothing of a line's width. Measured
 * by others: 24 `A`, 15 `あ`, 16 `아` (misyaguziya/VRCT#20). So nine lines end a page of Japanese at 135 characters, not at 144.
 */
export const MAX_LINES = 9;

const LINE_WIDTH = 120;
const NARROW_WIDTH = LINE_WIDTH / 24;
const WIDE_WIDTH = LINE_WIDTH / 15;

/** Alphabets and their punctuation; all else is as wide as a sign of Japanese, or is taken for it. */
const NARROW = '\\u0021-\\u10ff\\u1200-\\u1fff\\u2010-\\u206f';
/** What is not broken where a line ends: a word, a sign that stands for itself, a space. */
const PIECES = new RegExp(`[${NARROW}]+|.`, 'gsu');
const IS_NARROW = new RegExp(`^[ ${NARROW}]`, 'u');

function countWrapped(line: string): number {
  let lines = 1;
  let used = 0;
  for (const piece of line.match(PIECES) ?? []) {
    const width = IS_NARROW.test(piece) ? piece.length * NARROW_WIDTH : WIDE_WIDTH;
    const isSpace = piece === ' ';
    if (!isSpace && used > 0 && used + width > LINE_WIDTH) {
      lines += 1;
      used = 0;
    }
    used += width;
    // A word that is longer than a line is broken all the same; a space may stand beyond the end.
    for (; !isSpace && used > LINE_WIDTH; used -= LINE_WIDTH) lines += 1;
  }
  return lines;
}

/** Lines that a text of the chatbox takes, or fewer: where the width is not known the wider one counts. */
export const countLines = (text: string): number =>
  text.split('\n').reduce((lines, line) => lines + countWrapped(line), 0);
