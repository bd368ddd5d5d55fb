import { isInContainer } from '@understudy/shared/config';
import { holdersOf } from './device-holders.ts';
import type { FfmpegInput } from './ffmpeg-arguments.ts';
import { type FfmpegProblem, heldBy, readFfmpegProblem } from './ffmpeg-problem.ts';
import type { FfmpegEnd } from './run-ffmpeg.ts';
import { wrongProtocol } from './wrong-protocol.ts';

const OUT_OF_SIGHT =
  'there is no such camera in this container; let the cv-service run on the machine itself (`npm run understudy -- host-env cv-service`)';

function problemOf({ spawnError, exit, stderr, idleMs }: FfmpegEnd, input: FfmpegInput): FfmpegProblem {
  if (spawnError === 'ENOENT') {
    return {
      problem:
        'ffmpeg is not installed; install it (Debian: apt install ffmpeg; Docker: UNDERSTUDY_VISION_PROGRAMS=ffmpeg docker compose up -d --build)',
      isRefused: true,
    };
  }
  if (spawnError !== undefined) return { problem: `ffmpeg cannot be started: ${spawnError}`, isRefused: true };
  if (idleMs !== undefined) return { problem: `nothing came for ${idleMs / 1000} s`, isRefused: false };
  return readFfmpegProblem(stderr, input, exit);
}

/** Why an ffmpeg has ended, in words: by what it says itself, and where it cannot know more, by what the system or the port says. */
export async function explainEnd(
  end: FfmpegEnd,
  input: FfmpegInput,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FfmpegProblem> {
  const told = problemOf(end, input);
  if (told.asks === 'holder' && input.kind === 'device') {
    return { ...told, problem: heldBy(await holdersOf(input.device)) };
  }
  if (told.asks === 'protocol' && input.kind === 'rtsp') {
    const wrong = await wrongProtocol(input.url, signal);
    if (wrong !== undefined) return { problem: wrong, isRefused: true };
  }
  return told.asks === 'place' && isInContainer(env) ? { ...told, problem: OUT_OF_SIGHT } : told;
}
