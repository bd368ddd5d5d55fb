import type { Clock } from '@understudy/shared/service';
import { type FrameSource, type FrameSourceEvents, MAX_FRAME_BYTES } from './frame-source.ts';
import { describeFailure, describeUrl, HttpStatusError, isRefusal, openHttp } from './open-http.ts';
import { createPolling, RETRY_MS } from './polling.ts';
import { RETRY_TIMES } from './retry-pace.ts';

/** One picture may take so long; a camera that is slower is reported as lost by its missing frames. */
const ANSWER_TIMEOUT_MS = 4000;

export class FrameTooLargeError extends Error {
  override readonly name = 'FrameTooLargeError';
  readonly code = 'CAMERA_FRAME_TOO_LARGE';
}

async function fetchImage(url: string, signal: AbortSignal): Promise<Buffer> {
  const response = await openHttp(url, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]));
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > MAX_FRAME_BYTES) {
      throw new FrameTooLargeError(`the picture has more than ${MAX_FRAME_BYTES} bytes; lower the camera's resolution`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Asks for one picture at a time, every `intervalMs`. */
export function createHttpSource(
  url: string,
  intervalMs: number,
  clock: Pick<Clock, 'now'>,
  retryMs = RETRY_MS,
): FrameSource {
  let lastFrameAt: number | undefined;
  let problem: string | undefined;
  let isRefused = false;
  let events: FrameSourceEvents = { onFrame: () => {}, onBadInput: () => {} };

  const fail = (reason: string, kind?: 'http_status' | 'frame_too_large' | 'empty_frame'): number => {
    problem = reason;
    if (kind !== undefined) events.onBadInput(kind);
    return isRefused ? RETRY_TIMES.refusedMs : retryMs;
  };

  const polling = createPolling(async (signal) => {
    try {
      const image = await fetchImage(url, signal);
      if (signal.aborted) return retryMs;
      isRefused = false;
      if (image.length === 0) return fail('the camera answers with an empty body', 'empty_frame');
      problem = undefined;
      lastFrameAt = clock.now();
      events.onFrame({ image, capturedAt: lastFrameAt });
      return intervalMs;
    } catch (error) {
      if (signal.aborted) return retryMs;
      isRefused = isRefusal(error);
      if (error instanceof HttpStatusError) return fail(error.message, 'http_status');
      if (error instanceof FrameTooLargeError) return fail(error.message, 'frame_too_large');
      return fail(describeFailure(error));
    }
  });

  return {
    start(listeners) {
      events = listeners;
      polling.start();
    },
    stop: polling.stop,
    lastFrameAt: () => lastFrameAt,
    describe: () => describeUrl('http', url),
    problem: () => problem,
    isRefused: () => isRefused,
  };
}
