import { ServiceError } from '@understudy/shared/errors';
import type { ChildFailure } from '../child/looker.ts';
import type { BadFrameReason } from '../sources/frame-source.ts';
import type { Liveness } from './source-liveness.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function childFailure({ kind, detail, exit }: ChildFailure): ServiceError {
  const remedy =
    kind === 'hung'
      ? 'If it recurs, lower vision.max_fps'
      : 'If it recurs, read the last line of the vision process here';
  return new ServiceError(
    kind === 'hung' ? 'CV_CHILD_HUNG' : 'CV_CHILD_CRASHED',
    `${capital(detail)}. Seeing is off until it is restarted. ${remedy}.`,
    { context: { kind, ...exit } },
  );
}

/** @param problem what the source itself says, if it knows */
export function sourceFailure(
  liveness: Extract<Liveness, { state: 'lost' | 'frozen' }>,
  source: string,
  problem: string | undefined,
): ServiceError {
  if (liveness.state === 'frozen') {
    const message = `The same picture comes from ${source} for ${seconds(liveness.sameMs)}. Restart the capture (OBS: deactivate and activate the source).`;
    return new ServiceError('CV_SOURCE_FROZEN', message, { subject: source, context: { sameMs: liveness.sameMs } });
  }
  const why = problem === undefined ? '' : ` (${problem})`;
  const message = `No picture from ${source} for ${seconds(liveness.silentMs)}${why}. Start the program that serves vision.source; Understudy keeps looking for it.`;
  const context = { silentMs: liveness.silentMs, ...(problem === undefined ? {} : { problem }) };
  return new ServiceError('CV_SOURCE_LOST', message, { subject: source, context });
}

export function badFrame(source: string, reason: BadFrameReason, detail: string): ServiceError {
  const message = `What ${source} sends is no usable picture: ${detail}. Check that vision.source serves JPEG, PNG or WebP of at most 8 MB.`;
  return new ServiceError('CV_BAD_FRAME', message, { subject: source, context: { reason, detail } });
}
