import type { IncomingMessage } from 'node:http';
import type { Clock } from '@understudy/shared/service';
import type { FrameSource, FrameSourceEvents } from './frame-source.ts';
import { createJpegSplitter } from './jpeg-splitter.ts';
import { boundaryOf, createMultipartSplitter } from './multipart-splitter.ts';
import { describeFailure, describeUrl, HttpStatusError, isRefusal, openHttp } from './open-http.ts';
import { createPolling } from './polling.ts';
import { RETRY_TIMES } from './retry-pace.ts';

export interface MjpegTimes {
  /** A connection that ended is asked for again so rarely: recovery is the supervisor's, by `reconnect`, and this is for a camera that comes an hour later. */
  readonly redialMs: number;
  /** A connection on which nothing comes for so long is dead, whatever TCP believes: the camera lost its power. */
  readonly idleMs: number;
}

const TIMES: MjpegTimes = { redialMs: 10_000, idleMs: 20_000 };

/** One long HTTP answer with picture after picture: `multipart/x-mixed-replace`, or bare JPEGs one after another. */
export function createMjpegSource(url: string, clock: Pick<Clock, 'now'>, times: MjpegTimes = TIMES): FrameSource {
  let lastFrameAt: number | undefined;
  let problem: string | undefined;
  let isRefused = false;
  let events: FrameSourceEvents = { onFrame: () => {}, onBadInput: () => {} };

  /** @throws also when there is no answer in time */
  async function dial(signal: AbortSignal): Promise<IncomingMessage> {
    const waiting = new AbortController();
    const silent = new Error(`nothing came for ${times.idleMs / 1000} s`);
    const timer = setTimeout(() => waiting.abort(silent), times.idleMs);
    const response = await openHttp(url, AbortSignal.any([signal, waiting.signal])).finally(() => clearTimeout(timer));
    return response.setTimeout(times.idleMs, () => response.destroy(silent));
  }

  async function read(signal: AbortSignal): Promise<void> {
    const response = await dial(signal);
    problem = undefined;
    isRefused = false;
    const boundary = boundaryOf(response.headers['content-type'] ?? '');
    const splitter =
      boundary === undefined
        ? createJpegSplitter(events.onBadInput)
        : createMultipartSplitter(boundary, events.onBadInput);
    for await (const chunk of response) {
      for (const image of splitter.push(chunk)) {
        if (signal.aborted) return;
        lastFrameAt = clock.now();
        events.onFrame({ image, capturedAt: lastFrameAt });
      }
    }
    problem = 'the camera ended the stream';
  }

  const dialling = createPolling(async (signal) => {
    try {
      await read(signal);
    } catch (error) {
      if (signal.aborted) return times.redialMs;
      problem = describeFailure(error);
      isRefused = isRefusal(error);
      if (error instanceof HttpStatusError) events.onBadInput('http_status');
    }
    return isRefused ? RETRY_TIMES.refusedMs : times.redialMs;
  });

  return {
    start(listeners) {
      events = listeners;
      dialling.start();
    },
    stop: dialling.stop,
    lastFrameAt: () => lastFrameAt,
    describe: () => describeUrl('mjpeg', url),
    problem: () => problem,
    isRefused: () => isRefused,
  };
}
