import type { VisionSource } from '@understudy/shared/config';
import type { Clock } from '@understudy/shared/service';
import { createFfmpegSource } from './ffmpeg-source.ts';
import { createFolderSource } from './folder-source.ts';
import type { FrameSource } from './frame-source.ts';
import { createHttpSource } from './http-source.ts';
import { createMjpegSource } from './mjpeg-source.ts';
import { createObsSource } from './obs-source.ts';

/** A polled source is asked at least once a second, however rarely its frames are looked at: that is how its loss is seen. */
const SLOWEST_POLL_MS = 1000;

export const pollIntervalMs = (maxFps: number): number => Math.min(SLOWEST_POLL_MS, Math.round(1000 / maxFps));

export function createSource(source: VisionSource, maxFps: number, clock: Pick<Clock, 'now'>): FrameSource {
  switch (source.kind) {
    case 'mjpeg':
      return createMjpegSource(source.url, clock);
    case 'http':
      return createHttpSource(source.url, pollIntervalMs(maxFps), clock);
    case 'folder':
      return createFolderSource(source.folder, pollIntervalMs(maxFps), clock);
    case 'rtsp':
    case 'video':
    case 'device':
      return createFfmpegSource(source, maxFps, clock);
    case 'obs':
      return createObsSource(source, pollIntervalMs(maxFps), clock);
  }
}
