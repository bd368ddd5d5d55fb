import { createFrameCutter, FRAME_MS } from '../audio/frame-cutter.ts';
import { joinSamples } from '../audio/join-samples.ts';
import {
  endOfStream,
  QUIET,
  type SegmenterSettings,
  type SegmenterState,
  segment,
  type Utterance,
} from '../detection/segmenter.ts';
import type { SpeechDetector } from '../detection/speech-detector.ts';

/** What someone says or said. */
export interface Heard {
  /** 16 kHz mono. */
  readonly samples: Float32Array;
  /** When its first sample was there; epoch ms. */
  readonly beganAt: number;
  /** Speech in it, without pauses. */
  readonly speechMs: number;
}

export interface Listener {
  /** 16 kHz mono, in pieces of any length. */
  onSamples(samples: Float32Array): void;
  /** The stream broke off. */
  onInterrupted(): void;
  isSpeaking(): boolean;
}

interface ListenerParts {
  readonly clock: { now(): number };
  readonly settings: () => SegmenterSettings;
  readonly detector: SpeechDetector;
  readonly isAllowed: () => boolean;
  readonly onUtterance: (heard: Heard) => void;
  /** Each frame; `speechMs` of speech so far while someone speaks. */
  readonly onFrame: (frame: Frame, speechMs: number | undefined) => void;
  readonly onDropped: () => void;
}

export interface Frame {
  readonly samples: Float32Array;
  /** Epoch ms. */
  readonly endedAt: number;
}

/** In the order of the stream; a frame waits for its probability, and what comes after it waits with it. */
type Waiting =
  | { readonly kind: 'frame'; readonly frame: Frame; probability: number | undefined }
  | { readonly kind: 'interruption' };

/** From a stream of samples to utterances. While hearing is not allowed nothing is kept. */
export function createListener(parts: ListenerParts): Listener {
  const { clock, settings, detector } = parts;
  let cut = createFrameCutter();
  let state: SegmenterState<Frame> = QUIET;
  let waiting: Waiting[] = [];
  let wasAllowed = true;

  const take = (next: Waiting) => {
    const step =
      next.kind === 'interruption' ? endOfStream(state) : segment(state, next.frame, next.probability ?? 0, settings());
    state = step.state;
    if (step.utterance) parts.onUtterance(heardOf(step.utterance));
    if (next.kind === 'frame') {
      parts.onFrame(next.frame, state.state === 'speaking' ? state.utterance.speechMs : undefined);
    }
  };

  const drain = () => {
    for (;;) {
      const [next] = waiting;
      if (next === undefined || (next.kind === 'frame' && next.probability === undefined)) return;
      waiting.shift();
      take(next);
    }
  };

  const forget = () => {
    waiting = [];
    state = QUIET;
    detector.interrupt();
  };

  return {
    onSamples(samples) {
      const endedAt = clock.now();
      for (const frame of cut(samples)) {
        const isAllowed = parts.isAllowed();
        // Once: a detector that is interrupted with each frame never comes to rest.
        if (wasAllowed && !isAllowed) forget();
        wasAllowed = isAllowed;
        if (!isAllowed) {
          parts.onDropped();
          continue;
        }
        const next: Waiting = { kind: 'frame', frame: { samples: frame, endedAt }, probability: undefined };
        waiting.push(next);
        detector.judge(frame, (probability) => {
          next.probability = probability;
          drain();
        });
      }
    },
    onInterrupted() {
      cut = createFrameCutter();
      detector.interrupt();
      waiting.push({ kind: 'interruption' });
      drain();
    },
    isSpeaking: () => state.state === 'speaking',
  };
}

const heardOf = ({ frames, speechMs }: Utterance<Frame>): Heard => ({
  samples: joinSamples(frames.map(({ samples }) => samples)),
  beganAt: (frames[0]?.endedAt ?? 0) - FRAME_MS,
  speechMs,
});
