import { createHash } from 'node:crypto';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The same words, however they are written: case, width, accents' encoding, punctuation, emoji and spaces do not count. */
export const normaliseText = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** Changes with whatever makes the persona speak otherwise: its old replies are then no longer found. */
export const personaVersion = (persona: { readonly name: string; readonly prompt: string }): string =>
  sha256(`${persona.name}\n${persona.prompt}`).slice(0, 12);

/** @returns `undefined` for a text without words: all of those would be one key */
export function replyKey(text: string, version: string): string | undefined {
  const normalised = normaliseText(text);
  return normalised === '' ? undefined : `${version}:${sha256(normalised).slice(0, 32)}`;
}
