import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@understudy/shared/service';
import { explainEnd } from './explain-end.ts';
import { type FfmpegInput, ffmpegCommand } from './ffmpeg-arguments.ts';
import { type FfmpegProblem, placeOf } from './ffmpeg-problem.ts';
import type { FrameSource, FrameSourceEvents } from './frame-source.ts';
import { createJpegSplitter } from './jpeg-splitter.ts';
import { createRetryPace, RETRY_TIMES, type RetryTimes } from './retry-pace.ts';
import { type FfmpegPatience, runFfmpeg } from './run-ffmpeg.ts';
import { createShownPicture } from './shown-picture.ts';

/** A slower source would look lost. */
const SLOWEST_FPS = 1;

export const NO_PICTURE_YET = 'no picture yet; if key frames are rare, let its sender send one every 2 s';

export interface FfmpegOptions {
  readonly program: string;
  readonly patience: FfmpegPatience;
  readonly times: RetryTimes;
}

/** Longer than a film shows one picture, and than 250 pictures, the usual distance of key frames, take at 10 a second. */
const LONGEST_MS = 30_000;
/** Below ffmpeg's own patience, after which it hands out the pictures that it has kept back, old as they are. */
const SILENT_CAMERA_MS = 4000;

const optionsFor = ({ kind }: FfmpegInput): FfmpegOptions => ({
  program: 'ffmpeg',
  patience: { firstMs: LONGEST_MS, silentMs: kind === 'video' ? LONGEST_MS : SILENT_CAMERA_MS },
  // A stream that begins an hour later is soon seen; to ask for it is cheap.
  times: { ...RETRY_TIMES, longestMs: 10_000 },
});

/** RTSP, video files and cameras of this machine, decoded by an ffmpeg of its own, which does not reconnect: one that ended is followed by another. */
export function createFfmpegSource(
  input: FfmpegInput,
  maxFps: number,
  clock: Pick<Clock, 'now'>,
  options: Partial<FfmpegOptions> = {},
): FrameSource {
  const { program, patience, times } = { ...optionsFor(input), ...options };
  const shown = createShownPicture();
  let lastFrameAt: number | undefined;
  let state: FfmpegProblem | undefined;
  let running = new AbortController();
  /** An ffmpeg runs whose first picture is still to come. */
  let isOpening = false;
  /** A camera may allow one viewer only: the next run begins when the last one is gone. */
  let ending: Promise<void> = Promise.resolve();

  async function run(events: FrameSourceEvents, signal: AbortSignal): Promise<void> {
    const pace = createRetryPace(times);
    while (!signal.aborted) {
      const splitter = createJpegSplitter(events.onBadInput);
      shown.reopened();
      isOpening = true;
      const end = await runFfmpeg(
        {
          program,
          command: ffmpegCommand(input, Math.max(SLOWEST_FPS, maxFps)),
          patience,
          onChunk(chunk) {
            for (const image of splitter.push(chunk)) {
              lastFrameAt = clock.now();
              isOpening = false;
              state = undefined;
              pace.worked();
              events.onFrame({
                image,
                capturedAt: lastFrameAt,
                ...(input.kind === 'rtsp' ? { picture: shown.nameOf(image) } : {}),
              });
            }
          },
        },
        signal,
      );
      const problem = await explainEnd(end, input, signal);
      if (signal.aborted) return;
      isOpening = false;
      state = problem;
      await sleep(pace.afterFailure(state.isRefused), undefined, { signal }).catch(() => {});
    }
  }

  function stop(): Promise<void> {
    isOpening = false;
    running.abort();
    return ending;
  }

  return {
    start(events) {
      // It may wait for a key frame; another one would wait for the next.
      if (isOpening) return;
      void stop();
      running = new AbortController();
      const { signal } = running;
      ending = ending.then(() => run(events, signal));
    },
    stop,
    lastFrameAt: () => lastFrameAt,
    describe: () => placeOf(input),
    problem: () => state?.problem ?? (isOpening && input.kind === 'rtsp' ? NO_PICTURE_YET : undefined),
    isRefused: () => state?.isRefused ?? false,
  };
}
