import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@understudy/shared/service';
import { type FfmpegInput, ffmpegArguments } from './ffmpeg-arguments.ts';
import { type FfmpegProblem, placeOf, readFfmpegProblem } from './ffmpeg-problem.ts';
import type { FrameSource, FrameSourceEvents } from './frame-source.ts';
import { createJpegSplitter } from './jpeg-splitter.ts';
import { createRetryPace, RETRY_TIMES, type RetryTimes } from './retry-pace.ts';
import { type FfmpegEnd, runFfmpeg } from './run-ffmpeg.ts';

/** A slower source would look lost. */
const SLOWEST_FPS = 1;

export interface FfmpegOptions {
  readonly program: string;
  /** Longer than a camera needs for its first picture. */
  readonly idleMs: number;
  readonly times: RetryTimes;
}

const OPTIONS: FfmpegOptions = { program: 'ffmpeg', idleMs: 20_000, times: RETRY_TIMES };

function problemOf(
  { spawnError, exit, stderr, wasIdle }: FfmpegEnd,
  input: FfmpegInput,
  idleMs: number,
): FfmpegProblem {
  if (spawnError === 'ENOENT') {
    return { problem: 'ffmpeg is not installed; install it (Debian: apt install ffmpeg)', isRefused: true };
  }
  if (spawnError !== undefined) return { problem: `ffmpeg cannot be started: ${spawnError}`, isRefused: true };
  if (wasIdle) return { problem: `nothing came for ${idleMs / 1000} s`, isRefused: false };
  return readFfmpegProblem(stderr, input, exit);
}

/** RTSP and video files, decoded by an ffmpeg of its own, which does not reconnect: one that ended is followed by another. */
export function createFfmpegSource(
  input: FfmpegInput,
  maxFps: number,
  clock: Pick<Clock, 'now'>,
  options: Partial<FfmpegOptions> = {},
): FrameSource {
  const { program, idleMs, times } = { ...OPTIONS, ...options };
  let lastFrameAt: number | undefined;
  let state: FfmpegProblem | undefined;
  let running = new AbortController();
  /** A camera may allow one viewer only: the next run begins when the last one is gone. */
  let ending: Promise<void> = Promise.resolve();

  async function run(events: FrameSourceEvents, signal: AbortSignal): Promise<void> {
    const pace = createRetryPace(times);
    while (!signal.aborted) {
      const splitter = createJpegSplitter(events.onBadInput);
      const end = await runFfmpeg(
        {
          program,
          arguments: ffmpegArguments(input, Math.max(SLOWEST_FPS, maxFps)),
          idleMs,
          onChunk(chunk) {
            for (const image of splitter.push(chunk)) {
              lastFrameAt = clock.now();
              state = undefined;
              pace.worked();
              events.onFrame({ image, capturedAt: lastFrameAt });
            }
          },
        },
        signal,
      );
      if (signal.aborted) return;
      state = problemOf(end, input, idleMs);
      await sleep(pace.afterFailure(state.isRefused), undefined, { signal }).catch(() => {});
    }
  }

  function stop(): Promise<void> {
    running.abort();
    return ending;
  }

  return {
    start(events) {
      void stop();
      running = new AbortController();
      const { signal } = running;
      ending = ending.then(() => run(events, signal));
    },
    stop,
    lastFrameAt: () => lastFrameAt,
    describe: () => placeOf(input),
    problem: () => state?.problem,
    isRefused: () => state?.isRefused ?? false,
  };
}
