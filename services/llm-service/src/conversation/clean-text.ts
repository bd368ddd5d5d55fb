/** Control and format characters (zero-width, direction, tags): nothing that a viewer says needs them, and they hide marks. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}]/gu;
const LINE_END = /\r\n?|[\u2028\u2029\v\f]/g;

/** Marks by which chat templates and models tell who speaks; in a viewer's mouth they would let him speak as another. */
const ROLE_MARKS: readonly RegExp[] = [
  /<\|[^|>]{0,40}\|>/g,
  /<\/?(s|system|user|assistant|human|think)>/gi,
  /\[\/?(INST|SYS)\]|<<\/?SYS>>/gi,
  /(^|[\n\r"'])\s*#{0,3}\s*(system|assistant|developer|human|user)\s*:/gi,
];

/** A removed mark may have stood within another: repeated until nothing is left, which is soon. */
const MAX_PASSES = 5;

/**
 * What a viewer (or a picture) says, made fit to stand in quotation marks in a prompt: no marks of roles, no invisible characters,
 * no double quotation marks, one line.
 */
export function cleanText(text: string): string {
  let clean = text.toWellFormed().normalize('NFC').replace(LINE_END, '\n').replace(/\t/g, ' ').replace(INVISIBLE, '');
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const before = clean;
    clean = ROLE_MARKS.reduce((rest, mark) => rest.replace(mark, ' '), clean);
    if (clean === before) break;
  }
  return clean
    .replace(/["“”„«»]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}
