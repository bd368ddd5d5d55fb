import type { Clock } from '@understudy/shared/service';
import { FRAME_SAMPLES } from '../audio/frame-cutter.ts';
import type { DetectionProcess, ForkDetection } from './fork-detection.ts';
import { syntheticSpeech } from './synthetic-speech.ts';

/** A model that has just proven that it tells speech from silence. */
export interface Detection {
  /** @returns 0 to 1, in the order of the questions. @throws DetectionEndedError when the process ends before it has answered */
  judge(frame: Float32Array, isFirst: boolean): Promise<number>;
  end(): Promise<void>;
}

export class DetectionEndedError extends Error {
  override readonly name = 'DetectionEndedError';
  readonly code = 'DETECTION_ENDED';
}

export interface OpenDetectionOptions {
  readonly fork: ForkDetection;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly signal?: AbortSignal;
}

export type OpenDetection = (options: OpenDetectionOptions) => Promise<Detection>;

/** Node, the runtime and the model take 0.1 s on a quiet machine, seconds on one that plays a game. */
const START_TIMEOUT_MS = 20_000;
/** A frame takes 0.2 ms; one that takes so long hangs. */
const ANSWER_TIMEOUT_MS = 5000;
/** A fifth of a second each of speech and of nothing. */
const PROOF_FRAMES = 6;

interface Asked {
  readonly at: number;
  readonly answer: (probability: number) => void;
  readonly refuse: (error: DetectionEndedError) => void;
}

/** Starts the process and shows it what is speech and what is none. @throws DetectionEndedError with the reason */
export const openDetection: OpenDetection = async ({ fork, clock, signal }) => {
  let asked: Asked[] = [];
  let limitMs = START_TIMEOUT_MS;
  let ended: DetectionEndedError | undefined;
  let cancelWatch: (() => void) | undefined;

  const unwatch = () => {
    cancelWatch?.();
    cancelWatch = undefined;
  };
  const finish = (how: string) => {
    unwatch();
    signal?.removeEventListener('abort', end);
    ended ??= new DetectionEndedError(`The process of speech detection ${how}`);
    const left = asked;
    asked = [];
    for (const { refuse } of left) refuse(ended);
  };
  const process: DetectionProcess = fork({
    onAnswer: ({ probability }) => asked.shift()?.answer(probability),
    onExit: finish,
  });
  const end = async () => {
    finish('was ended');
    await process.end();
  };
  signal?.addEventListener('abort', end);

  const watch = (ms: number): void => {
    cancelWatch ??= clock.after(ms, () => {
      cancelWatch = undefined;
      const [oldest] = asked;
      if (oldest === undefined) return;
      const leftMs = oldest.at + limitMs - clock.now();
      if (leftMs > 0) return watch(leftMs);
      finish(`did not answer within ${limitMs} ms`);
      void process.end();
    });
  };

  const judge: Detection['judge'] = (frame, isFirst) =>
    new Promise((answer, refuse) => {
      if (ended) return refuse(ended);
      asked.push({ at: clock.now(), answer, refuse });
      watch(limitMs);
      process.send({ samples: frame, isFirst });
    });

  try {
    if (signal?.aborted) await end();
    await prove(judge);
    unwatch();
    limitMs = ANSWER_TIMEOUT_MS;
    return { judge, end };
  } catch (error) {
    await end();
    throw error;
  }
};

async function prove(judge: Detection['judge']): Promise<void> {
  const speech = syntheticSpeech(PROOF_FRAMES);
  const silence = speech.map(() => new Float32Array(FRAME_SAMPLES));
  const answers = await Promise.all(
    [...speech, ...silence].map((frame, index) => judge(frame, index % PROOF_FRAMES === 0)),
  );
  const [leastOfSpeech, mostOfSilence] = [
    Math.min(...answers.slice(1, PROOF_FRAMES)),
    Math.max(...answers.slice(PROOF_FRAMES)),
  ];
  if (leastOfSpeech > 0.5 && mostOfSilence < 0.2) return;
  throw new DetectionEndedError(
    `The model of speech detection does not tell speech (${leastOfSpeech.toFixed(2)}) from silence (${mostOfSilence.toFixed(2)})`,
  );
}
