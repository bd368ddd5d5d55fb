import type { VisionSource } from '@understudy/shared/config';

export type FfmpegInput = Extract<VisionSource, { kind: 'rtsp' | 'video' | 'device' }>;

export interface FfmpegCommand {
  readonly arguments: readonly string[];
  /** What it reads from its standard input. */
  readonly stdin: string;
}

/** Wide enough for the models, which look at 512 pixels. */
const MAX_WIDTH = 640;
/** A camera that says nothing for so long is given up; microseconds (ffmpeg 5 and later; 4 called the option -stimeout). */
const RTSP_TIMEOUT_US = 5_000_000;
/** JPEG quality, 2 (best) to 31. */
const QUALITY = '5';

/** One name in a script of ffmpeg: within quotes only a quote ends it, and a line ends everything. */
const quoted = (text: string): string => `'${text.replace(/[\r\n]/g, '').replaceAll("'", String.raw`'\''`)}'`;

/**
 * Arguments can be read by every user of the machine (`ps`), so the address, which may hold a password, comes as a list of
 * one file through the standard input. TCP is tried first, for over UDP pictures break; some cameras speak only that.
 * `fpsprobesize`: the rate of the pictures is not asked for, so ffmpeg need not wait for twenty of them.
 */
const streamList = (url: string): string =>
  `${['ffconcat version 1.0', `file ${quoted(url)}`, 'option rtsp_flags prefer_tcp', `option timeout ${RTSP_TIMEOUT_US}`, 'option fpsprobesize 0'].join('\n')}\n`;

/** Each input may use only the protocols that it needs: a playlist in a file must not reach into the network. */
function inputArguments(input: FfmpegInput, platform: NodeJS.Platform): string[] {
  switch (input.kind) {
    case 'rtsp':
      return [
        ...['-protocol_whitelist', 'pipe,rtsp,rtsps,rtp,tcp,udp,tls,crypto', '-fpsprobesize', '0'],
        ...['-f', 'concat', '-safe', '0', '-i', 'pipe:0'],
      ];
    case 'video':
      return ['-protocol_whitelist', 'file,crypto,data', '-re', '-stream_loop', '-1', '-i', `file:${input.file}`];
    case 'device':
      // Neither opens a protocol. The 3 MB that DirectShow has by itself hold not one picture of 1080p.
      return platform === 'win32'
        ? ['-f', 'dshow', '-rtbufsize', '64M', '-i', `video=${input.device}`]
        : ['-f', 'v4l2', '-i', input.device];
  }
}

/** JPEG after JPEG on stdout, at most `fps` a second and never wider than the original. */
export const ffmpegCommand = (
  input: FfmpegInput,
  fps: number,
  platform: NodeJS.Platform = process.platform,
): FfmpegCommand => ({
  arguments: [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-threads', '1'],
    ...inputArguments(input, platform),
    ...['-map', '0:v:0', '-vf', `fps=${fps},scale=w='min(${MAX_WIDTH},iw)':h=-2`],
    ...['-c:v', 'mjpeg', '-q:v', QUALITY, '-f', 'image2pipe', 'pipe:1'],
  ],
  stdin: input.kind === 'rtsp' ? streamList(input.url) : '',
});
