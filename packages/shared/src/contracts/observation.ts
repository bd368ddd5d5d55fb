import Type, { type Static } from 'typebox';
import { IdSchema, TimestampSchema } from './ids.ts';

/** What the cv-service saw. `ageMs` counts from the frame's capture to the sending; a reader adds its own waiting. */
export const ObservationSchema = Type.Object(
  {
    id: IdSchema,
    kind: Type.Enum(['scene_change', 'brightness', 'motion']),
    /** In words that a model can use: "The scene has changed." */
    summary: Type.String({ minLength: 1, maxLength: 300 }),
    confidence: Type.Number({ minimum: 0, maximum: 1 }),
    value: Type.Number(),
    ageMs: Type.Number({ minimum: 0 }),
    observedAt: TimestampSchema,
  },
  { additionalProperties: false },
);
export type Observation = Static<typeof ObservationSchema>;
