import { FRAME_MS } from '../audio/frame-cutter.ts';

/** Of `audio.speech_detection` of the configuration; milliseconds, probabilities. */
export interface SegmenterSettings {
  /** From here a frame is speech. */
  readonly start_probability: number;
  /** Below this it is none. Between the two nothing changes: a voice that fades is not cut at every breath. */
  readonly end_probability: number;
  readonly start_ms: number;
  readonly hangover_ms: number;
  readonly pre_roll_ms: number;
  readonly longest_ms: number;
}

/** What someone says, as far as it has come. */
export interface Utterance<Frame> {
  readonly frames: readonly Frame[];
  /** Of its frames, those with speech, in ms: without pre-roll, pauses and hangover. */
  readonly speechMs: number;
}

/**
 * `quiet`: the frames that a beginning would take as its pre-roll. `rising`: speech for a moment, not yet an utterance.
 * `speaking`: an utterance grows; `quietFrames` of its end are below the threshold.
 */
export type SegmenterState<Frame> =
  | { readonly state: 'quiet'; readonly before: readonly Frame[] }
  | { readonly state: 'rising'; readonly before: readonly Frame[]; readonly speechFrames: number }
  | { readonly state: 'speaking'; readonly utterance: Utterance<Frame>; readonly quietFrames: number };

export interface Segmented<Frame> {
  readonly state: SegmenterState<Frame>;
  /** One that has just ended. */
  readonly utterance?: Utterance<Frame>;
}

export const QUIET = { state: 'quiet', before: [] } as const satisfies SegmenterState<never>;

const framesOf = (ms: number): number => Math.max(1, Math.ceil(ms / FRAME_MS));

/** One frame of 32 ms on, whatever tells how likely it is speech. */
export function segment<Frame>(
  now: SegmenterState<Frame>,
  frame: Frame,
  probability: number,
  settings: SegmenterSettings,
): Segmented<Frame> {
  switch (now.state) {
    case 'quiet':
    case 'rising': {
      const startFrames = framesOf(settings.start_ms);
      const before = [...now.before, frame].slice(-(framesOf(settings.pre_roll_ms) + startFrames));
      if (probability <= settings.start_probability) return { state: { state: 'quiet', before } };
      const speechFrames = (now.state === 'rising' ? now.speechFrames : 0) + 1;
      if (speechFrames < startFrames) return { state: { state: 'rising', before, speechFrames } };
      const utterance = { frames: before, speechMs: speechFrames * FRAME_MS };
      return { state: { state: 'speaking', utterance, quietFrames: 0 } };
    }
    case 'speaking': {
      const isQuiet = probability < settings.end_probability;
      const quietFrames = isQuiet ? now.quietFrames + 1 : 0;
      const utterance = {
        frames: [...now.utterance.frames, frame],
        speechMs: now.utterance.speechMs + (isQuiet ? 0 : FRAME_MS),
      };
      const isOver = quietFrames >= framesOf(settings.hangover_ms);
      const isTooLong = utterance.frames.length >= framesOf(settings.longest_ms);
      return isOver || isTooLong
        ? { state: QUIET, utterance }
        : { state: { state: 'speaking', utterance, quietFrames } };
    }
  }
}

/** The stream ended (the device is gone or was changed): what was begun is over. */
export const endOfStream = <Frame>(now: SegmenterState<Frame>): Segmented<Frame> =>
  now.state === 'speaking' ? { state: QUIET, utterance: now.utterance } : { state: QUIET };
