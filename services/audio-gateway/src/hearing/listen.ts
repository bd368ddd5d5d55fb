import { joinSamples } from '../audio/join-samples.ts';
import { loudnessDb } from '../audio/loudness.ts';
import { createFrameCutter } from '../detection/frame-cutter.ts';
import type { DetectionSettings, SegmenterState } from '../detection/segmenter.ts';
import { endOfStream, QUIET, segment } from '../detection/segmenter.ts';

export interface Listener {
  /** 16 kHz mono, in pieces of any length. */
  onSamples(samples: Float32Array): void;
  /** The stream broke off. */
  onInterrupted(): void;
  isSpeaking(): boolean;
}

/** From a stream of samples to utterances. While hearing is not allowed nothing is kept. */
export function createListener(
  settings: () => DetectionSettings,
  isAllowed: () => boolean,
  onUtterance: (samples: Float32Array) => void,
  onDropped: () => void,
): Listener {
  let cut = createFrameCutter();
  let state: SegmenterState = QUIET;

  const tell = (frames: readonly Float32Array[] | undefined) => {
    if (frames) onUtterance(joinSamples(frames));
  };

  return {
    onSamples(samples) {
      for (const frame of cut(samples)) {
        if (!isAllowed()) {
          state = QUIET;
          onDropped();
          continue;
        }
        const step = segment(state, frame, loudnessDb(frame), settings());
        state = step.state;
        tell(step.utterance);
      }
    },
    onInterrupted() {
      const { state: next, utterance } = endOfStream(state);
      state = next;
      cut = createFrameCutter();
      tell(utterance);
    },
    isSpeaking: () => state.state === 'speaking',
  };
}
