import type { FfmpegInput } from './ffmpeg-arguments.ts';
import { describeUrl } from './open-http.ts';

const MAX_LENGTH = 200;
const CREDENTIALS = /\/\/[^@/\s]*@/g;
/** `[rtsp @ 0x55d0c1f0] `: which part of ffmpeg speaks, and where it lies in memory. */
const SPEAKER = /^(\[[^\]]*\]\s*)+/;

/** What ffmpeg calls its input in front of a reason. */
function addressOf(input: FfmpegInput): string {
  switch (input.kind) {
    case 'rtsp':
      return input.url;
    case 'video':
      return `file:${input.file}`;
    case 'device':
      return input.device;
  }
}

export function placeOf(input: FfmpegInput): string {
  if (input.kind === 'rtsp') return describeUrl('rtsp', input.url);
  return `${input.kind} ${input.kind === 'video' ? input.file : input.device}`.slice(0, 120);
}

export interface FfmpegProblem {
  readonly problem: string;
  readonly isRefused: boolean;
  /** What ffmpeg cannot know: who holds the device, what is spoken at the port, whether a camera is out of a container's sight. */
  readonly asks?: 'holder' | 'protocol' | 'place';
}

/** @param holders as far as they are known */
export const heldBy = (holders: readonly string[]): string =>
  `${holders.length === 0 ? 'another program' : holders.join(', ')} holds it; close that, or if it is OBS take its picture: kind obs, or as a device its virtual camera`;

interface Reading extends FfmpegProblem {
  readonly words: RegExp;
}

/** What ffmpeg 5 and 6 say (of devices on Windows 8 and 9), where their own words name no remedy. The first that fits is told. */
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
      // The last two are of rtsps, by GnuTLS and by OpenSSL.
      words: /Invalid data found|unexpected TLS packet|wrong version number/,
      problem: 'what answers there does not speak RTSP; look at the port, and whether it is rtsp or rtsps',
      isRefused: false,
      asks: 'protocol',
    },
  ],
  video: [
    { words: /matches no streams/, problem: 'the file has no picture', isRefused: true },
    { words: /Invalid data found/, problem: 'the file is no video that ffmpeg knows', isRefused: true },
    { words: /No such file or directory/, problem: 'No such file or directory', isRefused: true },
    { words: /Permission denied/, problem: 'Permission denied', isRefused: true },
  ],
  device: [
    { words: /Device or resource busy|Could not run graph/, problem: heldBy([]), isRefused: false, asks: 'holder' },
    {
      words: /Permission denied|Operation not permitted/,
      problem:
        'this user may not open it; add the user to the group video (`sudo usermod -aG video NAME`) and log in anew',
      isRefused: true,
    },
    {
      words: /Inappropriate ioctl for device/,
      problem: 'it is no camera; correct vision.source.device (`ls /dev/video*`)',
      isRefused: true,
    },
    {
      words: /Not a video capture device/,
      problem:
        'it gives no picture; a virtual camera must be started, and of the two devices of a camera one is only for its data',
      isRefused: false,
    },
    {
      words: /No such file or directory|No such device|Could not (find|enumerate) video device/,
      problem: 'there is no such camera now; plug it in, or correct vision.source.device',
      isRefused: false,
      asks: 'place',
    },
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
  if (reading !== undefined) {
    const { words, ...problem } = reading;
    return problem;
  }
  const address = addressOf(input);
  // What could not be opened comes before the reason; whoever tells the problem names the source.
  const reasons = stderr.replaceAll(`${address}: `, '').replaceAll('pipe:0: ', '');
  const clean = reasons.replaceAll(address, placeOf(input)).replace(CREDENTIALS, '//');
  const lines = clean.split('\n').map((line) => line.trim().replace(SPEAKER, ''));
  const last = lines.findLast((line) => line !== '') ?? WORDLESS[exit] ?? `ffmpeg ended by ${exit}`;
  return { problem: last.slice(0, MAX_LENGTH), isRefused: false };
}
