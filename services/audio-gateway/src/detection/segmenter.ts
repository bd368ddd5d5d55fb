import { FRAME_MS } from './frame-cutter.ts';

/** `audio.speech_detection` of the configuration; dBFS and milliseconds. */
export interface DetectionSettings {
  readonly start_db: number;
  readonly start_ms: number;
  readonly hangover_ms: number;
  readonly pre_roll_ms: number;
  readonly longest_ms: number;
}

/**
 * `quiet`: the frames that a beginning would take as its pre-roll. `rising`: loud for a moment, not yet speech.
 * `speaking`: an utterance grows; `quietFrames` of its end are below the threshold.
 */
export type SegmenterState =
  | { readonly state: 'quiet'; readonly before: readonly Float32Array[] }
  | { readonly state: 'rising'; readonly before: readonly Float32Array[]; readonly loudFrames: number }
  | { readonly state: 'speaking'; readonly frames: readonly Float32Array[]; readonly quietFrames: number };

export interface Segmented {
  readonly state: SegmenterState;
  /** The frames of an utterance that has just ended. */
  readonly utterance?: readonly Float32Array[];
}

export const QUIET: SegmenterState = { state: 'quiet', before: [] };

/** Speech ends below start_db minus this: a voice that fades is not cut at every breath. */
const HYSTERESIS_DB = 6;

const framesOf = (ms: number): number => Math.max(1, Math.ceil(ms / FRAME_MS));

/** One frame of 20 ms on. Energy only: noise that is louder than start_db is taken for speech. */
export function segment(
  now: SegmenterState,
  frame: Float32Array,
  levelDb: number,
  settings: DetectionSettings,
): Segmented {
  switch (now.state) {
    case 'quiet':
    case 'rising': {
      const startFrames = framesOf(settings.start_ms);
      const before = [...now.before, frame].slice(-(framesOf(settings.pre_roll_ms) + startFrames));
      if (levelDb <= settings.start_db) return { state: { state: 'quiet', before } };
      const loudFrames = (now.state === 'rising' ? now.loudFrames : 0) + 1;
      if (loudFrames < startFrames) return { state: { state: 'rising', before, loudFrames } };
      return { state: { state: 'speaking', frames: before, quietFrames: 0 } };
    }
    case 'speaking': {
      const quietFrames = levelDb < settings.start_db - HYSTERESIS_DB ? now.quietFrames + 1 : 0;
      const frames = [...now.frames, frame];
      const isOver = quietFrames >= framesOf(settings.hangover_ms);
      const isTooLong = frames.length >= framesOf(settings.longest_ms);
      return isOver || isTooLong
        ? { state: QUIET, utterance: frames }
        : { state: { state: 'speaking', frames, quietFrames } };
    }
  }
}

/** The stream ended (the device is gone or was changed): what was begun is over. */
export const endOfStream = (now: SegmenterState): Segmented =>
  now.state === 'speaking' ? { state: QUIET, utterance: now.frames } : { state: QUIET };
