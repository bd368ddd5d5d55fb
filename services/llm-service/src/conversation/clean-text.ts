/** Control and format characters (zero-width, direction, tags): nothing that a viewer says needs them, and they hide marks. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\u115f\u1160\u3164\uffa0]/gu;
const LINE_END = /\r\n?|[\u2028\u2029\v\f]/g;

/** Marks by which chat templates and models tell who speaks; in a viewer's mouth they would let him speak as another. */
const ROLE_MARKS: readonly RegExp[] = [
  // ChatML, Llama 3, Phi, GLM, Cohere; DeepSeek writes it with full-width bars, and a lower one eighth block for the space.
  /<[|｜][^|｜>]{0,40}[|｜]>/g,
  // Gemma, Llama 2, and tags that models were trained on.
  /<\/?\s*(s|bos|eos|pad|unk|mask|system|user|assistant|human|tool|think|(start|end)_of_(turn|text))\s*>/gi,
  /\[\/?\s*(INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|CONTROL_\d+)\s*\]|<<\s*\/?\s*SYS\s*>>|\[(BOS|EOS|gMASK|sop)\]/gi,
  // Alpaca and Vicuna: a heading or a name at the begin of a line, or right behind a quotation mark.
  /(^|[\n\r"'])[\s>*_-]*#{0,6}\s*(system|assistant|developer|human|user|instruction|response|input|context)\s*:/gi,
  /#{2,}\s*(system|assistant|developer|human|user|instruction|response|input)\b/gi,
];
/** Every quotation mark that could be taken for the double ones of the prompt; those of Asia included. */
const QUOTATION_MARKS = /["\u201c-\u201f\u00ab\u00bb\u275d\u275e\u301d-\u301f\uff02\u2033\u2036\u02ba\u02ee]/g;

/** A removed mark may have stood within another: repeated until nothing is left, which is soon. */
const MAX_PASSES = 5;

/** "aaaa..." and "spam spam spam ..." cost tokens, and drive small models into repeating. Kept of a run: */
const KEPT_REPEATS = 4;
const LONG_RUN = new RegExp(`(.)\\1{${KEPT_REPEATS * 2},}`, 'gsu');

function withoutRepetition(text: string): string {
  const words: string[] = [];
  let run = 0;
  for (const word of text.replace(LONG_RUN, (_, char: string) => char.repeat(KEPT_REPEATS * 2)).split(' ')) {
    run = word === words.at(-1) ? run + 1 : 1;
    if (run <= KEPT_REPEATS) words.push(word);
  }
  return words.join(' ');
}

/**
 * What a viewer (or a picture) says, made fit to stand in quotation marks in a prompt: no marks of roles, no invisible characters,
 * no double quotation marks, one line, no long repetition.
 */
export function cleanText(text: string): string {
  let clean = text.toWellFormed().normalize('NFC').replace(LINE_END, '\n').replace(/\t/g, ' ').replace(INVISIBLE, '');
  clean = clean.replace(QUOTATION_MARKS, "'");
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const before = clean;
    clean = ROLE_MARKS.reduce((rest, mark) => rest.replace(mark, ' '), clean);
    if (clean === before) break;
  }
  // What is still left after so many passes was made to be: brackets are no loss.
  if (ROLE_MARKS.some((mark) => clean.search(mark) >= 0)) clean = clean.replace(/[<>[\]|｜#]/g, ' ');
  return withoutRepetition(clean.replace(/\s+/g, ' ').trim());
}
