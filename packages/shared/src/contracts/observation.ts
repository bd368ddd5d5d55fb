import Type, { type Static } from 'typebox';
import { IdSchema, TimestampSchema } from './ids.ts';

/** The last four need models (`vision.detect`); `value` counts them, for a gesture the hands that make it. */
export const OBSERVATION_KINDS = [
  'scene_change',
  'brightness',
  'motion',
  'people',
  'faces',
  'hands',
  'gesture',
] as const;

/** What the cv-service saw. `ageMs` counts from the frame's capture to the sending; a reader adds its own waiting. */
export const ObservationSchema = Type.Object(
  {
    id: IdSchema,
    kind: Type.Enum([...OBSERVATION_KINDS]),
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
