import Type, { type Static } from 'typebox';

/** To the process, in order; each is answered once, in order. Advanced serialization carries the samples as they are. */
export interface DetectionRequest {
  /** 512 samples, 16 kHz mono. */
  readonly samples: Float32Array;
  /** It has nothing to do with the frame before it: the model forgets. */
  readonly isFirst: boolean;
}

/** How likely the frame is speech. */
export const DetectionAnswerSchema = Type.Object(
  { probability: Type.Number({ minimum: 0, maximum: 1 }) },
  { additionalProperties: false },
);
export type DetectionAnswer = Static<typeof DetectionAnswerSchema>;
