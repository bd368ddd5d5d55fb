import { ServiceError } from '@understudy/shared/errors';
import type { ChildFailure } from '../child/looker.ts';
import type { BadFrameReason } from '../sources/frame-source.ts';
import type { Liveness } from './source-liveness.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const CHILD_CODES = {
  crashed: 'CV_CHILD_CRASHED',
  hung: 'CV_CHILD_HUNG',
  over_memory: 'CV_CHILD_OVER_MEMORY',
} as const satisfies Record<ChildFailure['kind'], string>;

function childRemedy({ kind, exit }: ChildFailure): string {
  if (kind === 'hung') return 'If it recurs, lower vision.max_fps';
  if (kind === 'over_memory') return 'If it recurs, look for less in vision.detect, or raise vision.child_memory_mb';
  if (exit?.signal !== 'SIGKILL') return 'If it recurs, read the last line of the vision process here';
  // A child that Understudy ends is no failure by then, but for the fault cv_crash.
  return 'Understudy did not end it: the kernel does so when the memory of the machine or container runs out (its log says so), else somebody did';
}

export function childFailure(failure: ChildFailure): ServiceError {
  const message = `${capital(failure.detail)}. Seeing is off until it is restarted. ${childRemedy(failure)}.`;
  return new ServiceError(CHILD_CODES[failure.kind], message, { context: { kind: failure.kind, ...failure.exit } });
}

export function detectionFailed(reason: string): ServiceError {
  const message = `The models that find people and hands do not work: ${reason}. Light, movement and scenes are still seen; the models are tried again.`;
  return new ServiceError('CV_DETECTION_FAILED', message, { context: { reason } });
}

export function lagging(lagMs: number, maxAgeMs: number): ServiceError {
  const message = `What is found in a picture is ${seconds(lagMs)} old when it is known, more than vision.max_age_ms (${maxAgeMs}), and is not told. Fewer pictures are shown to the models; if it recurs, look for less in vision.detect.`;
  return new ServiceError('CV_LAGGING', message, { context: { lagMs, maxAgeMs } });
}

export function pictureBlack(source: string, blackMs: number): ServiceError {
  const message = `The picture from ${source} is black for ${seconds(blackMs)}. Look at the capture: in OBS the source may be hidden, or the game minimised.`;
  return new ServiceError('CV_PICTURE_BLACK', message, { subject: source, context: { blackMs } });
}

export function sourceRefused(source: string, problem: string | undefined): ServiceError {
  const message = `${capital(source)} refuses: ${problem ?? 'it does not say why'}. Mend that, or correct vision.source in config/understudy.yaml and \`understudy reload\`.`;
  return new ServiceError('CV_SOURCE_REFUSED', message, { subject: source, context: { problem: problem ?? '' } });
}

/** @param problem what the source itself says, if it knows */
export function sourceFailure(
  liveness: Extract<Liveness, { state: 'lost' | 'frozen' }>,
  source: string,
  problem: string | undefined,
): ServiceError {
  if (liveness.state === 'frozen') {
    const message = `The same picture comes from ${source} for ${seconds(liveness.sameMs)}. Restart the capture (OBS: deactivate and activate the source); if it may stand still for longer, raise vision.frozen_after_ms.`;
    return new ServiceError('CV_SOURCE_FROZEN', message, { subject: source, context: { sameMs: liveness.sameMs } });
  }
  const why = problem === undefined ? '' : ` (${problem})`;
  const message = `No picture from ${source} for ${seconds(liveness.silentMs)}${why}. Start the program that serves vision.source, or plug the camera in; Understudy keeps looking for it.`;
  const context = { silentMs: liveness.silentMs, ...(problem === undefined ? {} : { problem }) };
  return new ServiceError('CV_SOURCE_LOST', message, { subject: source, context });
}

export function badFrame(source: string, reason: BadFrameReason, detail: string): ServiceError {
  const message = `What ${source} sends is no usable picture: ${detail}. Check that vision.source serves JPEG, PNG or WebP of at most 8 MB.`;
  return new ServiceError('CV_BAD_FRAME', message, { subject: source, context: { reason, detail } });
}
