import type { FfmpegInput } from './ffmpeg-arguments.ts';
import { describeUrl } from './open-http.ts';

const MAX_LENGTH = 200;
const CREDENTIALS = /\/\/[^@/\s]*@/g;
/** `[rtsp @ 0x55d0c1f0] `: which part of ffmpeg speaks, and where it lies in memory. */
const SPEAKER = /^(\[[^\]]*\]\s*)+/;
/** ffmpeg 5 and 6: `Server returned 401 Unauthorized (authorization failed)`, `method DESCRIBE failed: 404 Not Found`, and of a file. */
const REFUSALS = /\b(40[134]|410) |Unauthorized|No such file or directory|Permission denied|Invalid data found/i;

/** A camera that hangs up is the end of a film to ffmpeg. */
const WORDLESS: Readonly<Record<string, string>> = { 'exit code 0': 'the stream ended' };

export const placeOf = (input: FfmpegInput): string =>
  input.kind === 'rtsp' ? describeUrl('rtsp', input.url) : `video ${input.file}`.slice(0, 120);

export interface FfmpegProblem {
  readonly problem: string;
  readonly isRefused: boolean;
}

/**
 * What ffmpeg says at its end.
 * @param stderr the end of it; its last line is told, without the address, which may hold a password
 */
export function readFfmpegProblem(stderr: string, input: FfmpegInput, exit: string): FfmpegProblem {
  const address = input.kind === 'rtsp' ? input.url : `file:${input.file}`;
  const clean = stderr.replaceAll(address, placeOf(input)).replace(CREDENTIALS, '//');
  const lines = clean.split('\n').map((line) => line.trim().replace(SPEAKER, ''));
  const last = lines.findLast((line) => line !== '') ?? WORDLESS[exit] ?? `ffmpeg ended by ${exit}`;
  return { problem: last.slice(0, MAX_LENGTH), isRefused: REFUSALS.test(clean) };
}
