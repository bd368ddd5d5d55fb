import { styleText } from 'node:util';

type Tone = 'bad' | 'fair' | 'good' | 'quiet' | 'strong';
const STYLES = { bad: 'red', fair: 'yellow', good: 'green', quiet: 'gray', strong: 'bold' } as const;

/** Colours a piece of text by its meaning, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

export const plain: Paint = (_tone, text) => text;
export const coloured: Paint = (tone, text) => styleText(STYLES[tone], text, { validateStream: false });

/** Colours for a person at a terminal only (no-color.org). */
export const paintFor = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint =>
  stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? coloured : plain;
