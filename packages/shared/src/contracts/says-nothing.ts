/** Anything but blanks, invisible characters and quotation marks (those of Europe and of Asia). */
const SAYS_SOMETHING =
  /[^\s\p{Cc}\p{Cf}\p{Pi}\p{Pf}"'`\u00b4\u201a\u201e\u300c-\u300f\u301d-\u301f\uff02\uff07\u115f\u1160\u3164\uffa0]/u;

/** What cannot be answered: nobody need ask a model. A question mark or an emoji says something. */
export const saysNothing = (text: string): boolean => !SAYS_SOMETHING.test(text);
