import type { FfmpegInput } from './ffmpeg-arguments.ts';
import { describeUrl } from './open-http.ts';

const MAX_LENGTH = 200;
const CREDENTIALS = /\/\/[^@/\s]*@/g;
/** `[rtsp @ 0x55d0c1f0] `: which part of ffmpeg speaks, and where it lies in memory. */
const SPEAKER = /^(\[[^\]]*\]\s*)+/;

export const placeOf = (input: FfmpegInput): string =>
  input.kind === 'rtsp' ? describeUrl('rtsp', input.url) : `video ${input.file}`.slice(0, 120);

export interface FfmpegProblem {
  readonly problem: string;
  readonly isRefused: boolean;
}

interface Reading extends FfmpegProblem {
  readonly words: RegExp;
}

/** What ffmpeg 5 and 6 say, where their own words name no remedy. */
const READINGS: Readonly<Record<FfmpegInput['kind'], readonly Reading[]>> = {
  rtsp: [
    { words: /401 Unauthorized/, problem: 'wrong user or password (401 Unauthorized)', isRefused: true },
    { words: /403 Forbidden/, problem: 'this user may not see the stream (403 Forbidden)', isRefused: true },
    // A server such as MediaMTX says so of every path to which nobody sends now.
    {
      words: /404 Not Found|410 Gone/,
      problem: 'nothing is sent at this path; start the stream, or correct the path',
      isRefused: false,
    },
    { words: /matches no streams/, problem: 'the stream has no picture; let its sender send video', isRefused: false },
    { words: /Failed to resolve hostname/, problem: 'the name of its host is not known', isRefused: false },
    {
      words: /Invalid data found/,
      problem: 'what answers there does not speak RTSP; look at the port, and whether it is rtsp or rtsps',
      isRefused: false,
    },
  ],
  video: [
    { words: /matches no streams/, problem: 'the file has no picture', isRefused: true },
    { words: /Invalid data found/, problem: 'the file is no video that ffmpeg knows', isRefused: true },
    { words: /No such file or directory/, problem: 'No such file or directory', isRefused: true },
    { words: /Permission denied/, problem: 'Permission denied', isRefused: true },
  ],
};

/** A camera that hangs up is the end of a film to ffmpeg. */
const WORDLESS: Readonly<Record<string, string>> = { 'exit code 0': 'the stream ended' };

/**
 * What ffmpeg says at its end.
 * @param stderr the end of it; its last line is told, without the address, which may hold a password
 */
export function readFfmpegProblem(stderr: string, input: FfmpegInput, exit: string): FfmpegProblem {
  const reading = READINGS[input.kind].find(({ words }) => words.test(stderr));
  if (reading !== undefined) return { problem: reading.problem, isRefused: reading.isRefused };
  const address = input.kind === 'rtsp' ? input.url : `file:${input.file}`;
  // What could not be opened comes before the reason; whoever tells the problem names the source.
  const reasons = stderr.replaceAll(`${address}: `, '').replaceAll('pipe:0: ', '');
  const clean = reasons.replaceAll(address, placeOf(input)).replace(CREDENTIALS, '//');
  const lines = clean.split('\n').map((line) => line.trim().replace(SPEAKER, ''));
  const last = lines.findLast((line) => line !== '') ?? WORDLESS[exit] ?? `ffmpeg ended by ${exit}`;
  return { problem: last.slice(0, MAX_LENGTH), isRefused: false };
}
