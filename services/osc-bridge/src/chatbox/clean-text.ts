// A NUL would end the string of an OSC message early; the other control characters show as boxes. Line ends stay.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
const CONTROL_CHARACTERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/** Text as the chatbox takes it: NFC, well-formed UTF-16, `\n` line ends without blank lines, single spaces. */
export const cleanText = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(CONTROL_CHARACTERS, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\s]*/g, '\n')
    .trim();
