import { readFileSync } from 'node:fs';

/** The checkout's version: one for all parts, they are released together. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
