import type { ServiceContext } from '@understudy/shared/service';
import type { BadFrameReason } from '../sources/frame-source.ts';
import { badFrame } from './failures.ts';

/** Bad frames with shorter pauses between them are one onset, whatever good ones come in between. */
const QUIET_MS = 60_000;

/** Why each is no picture, for people. Those that are absent are only counted: they mend themselves, or the source tells more by its silence. */
const TOLD: Partial<Record<BadFrameReason, string>> = {
  frame_too_large: 'a frame has more than 8 MB',
  empty_frame: 'a frame is empty',
  header_too_long: 'a part of the stream has no end of its headers',
  not_jpeg: 'the stream holds no JPEG where one should begin',
  not_an_image: 'a frame cannot be decoded',
};

type Needed = Pick<ServiceContext, 'clock' | 'metrics' | 'reportError'>;

/** Counts every bad frame and reports the first of a row. */
export function createBadFrames(context: Needed, source: string): (reason: BadFrameReason, detail?: string) => void {
  let lastAt = -Infinity;
  return (reason, detail) => {
    context.metrics.inc('understudy_bad_input_total', { edge: 'camera', reason });
    const told = TOLD[reason];
    if (told === undefined) return;
    const now = context.clock.now();
    const isOnset = now - lastAt >= QUIET_MS;
    lastAt = now;
    if (isOnset) context.reportError(badFrame(source, reason, detail ?? told));
  };
}
