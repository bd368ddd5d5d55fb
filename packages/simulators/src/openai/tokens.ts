/** About four bytes of English a token: enough for usage figures that behave like the real ones. */
export const countTokens = (text: string): number => Math.ceil(Buffer.byteLength(text, 'utf8') / 4);

/** Pieces as a model streams them: mostly a word with the space before it. Joined they give the text again. */
export const toPieces = (text: string): string[] => text.match(/\s*\S+|\s+$/gu) ?? [];
