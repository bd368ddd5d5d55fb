import type { VisionSource } from '@understudy/shared/config';

export type FfmpegInput = Extract<VisionSource, { kind: 'rtsp' | 'video' }>;

/** Wide enough for the models, which look at 512 pixels. */
const MAX_WIDTH = 640;
/** A camera that says nothing for so long is given up; microseconds (ffmpeg 5 and later; 4 called the option -stimeout). */
const RTSP_TIMEOUT_US = 5_000_000;
/** JPEG quality, 2 (best) to 31. */
const QUALITY = '5';

/** Each input may use only the protocols that it needs: a playlist in a file must not reach into the network. */
function inputArguments(input: FfmpegInput): string[] {
  switch (input.kind) {
    case 'rtsp':
      return [
        ...['-protocol_whitelist', 'rtsp,rtsps,rtp,tcp,udp,tls,crypto', '-rtsp_transport', 'tcp'],
        ...['-timeout', String(RTSP_TIMEOUT_US), '-i', input.url],
      ];
    case 'video':
      return ['-protocol_whitelist', 'file,crypto,data', '-re', '-stream_loop', '-1', '-i', `file:${input.file}`];
  }
}

/** JPEG after JPEG on stdout, at most `fps` a second and never wider than the original. */
export const ffmpegArguments = (input: FfmpegInput, fps: number): string[] => [
  ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-threads', '1'],
  ...inputArguments(input),
  ...['-map', '0:v:0', '-vf', `fps=${fps},scale=w='min(${MAX_WIDTH},iw)':h=-2`],
  ...['-c:v', 'mjpeg', '-q:v', QUALITY, '-f', 'image2pipe', 'pipe:1'],
];
