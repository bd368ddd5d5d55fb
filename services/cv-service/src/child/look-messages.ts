import type { VisionKind } from '@understudy/shared/config';
import Type, { type Static } from 'typebox';

/** To the child. Advanced serialization carries the bytes as they are. */
export type LookRequest =
  | {
      readonly type: 'look';
      readonly id: number;
      readonly image: Uint8Array;
      /** Whether the next picture is compared with this one; false for what only proves that the child answers. */
      readonly remember: boolean;
    }
  | ({ readonly type: 'detect'; readonly id: number; readonly image: Uint8Array } & DetectionWish)
  /** The models are shown a picture of their own package, with people in it. */
  | { readonly type: 'prove'; readonly id: number; readonly kinds: readonly VisionKind[] }
  /** A hang on purpose where signals cannot stop a process (Windows). */
  | { readonly type: 'spin'; readonly durationMs: number };

export interface DetectionWish {
  readonly kinds: readonly VisionKind[];
  /** 0 to 1; what a model is less sure of is left out. */
  readonly minConfidence: number;
}

/** More of a kind are not counted: a model that finds more sees things. */
export const MAX_FOUND = 20;
/** The library's "middle finger" is left out: its own definition of it (v3.3.6, fingergesture.ts) describes a fist. */
export const GESTURES = ['thumbs up', 'victory', 'point', 'open palm'] as const;
export type Gesture = (typeof GESTURES)[number];

const share = Type.Number({ minimum: 0, maximum: 1 });
const answer = { id: Type.Integer(), rssBytes: Type.Integer({ minimum: 0 }) };
const closed = { additionalProperties: false };
const reason = Type.String({ maxLength: 300 });

const FoundSchema = Type.Object(
  {
    count: Type.Integer({ minimum: 0, maximum: MAX_FOUND }),
    /** Of the least certain one that is counted; of "none" what is left of the limit. */
    confidence: share,
  },
  closed,
);
export type Found = Static<typeof FoundSchema>;

const DetectionsSchema = Type.Object(
  {
    people: Type.Optional(FoundSchema),
    faces: Type.Optional(FoundSchema),
    hands: Type.Optional(FoundSchema),
    /** Absent ones are not shown; `count` is of hands. */
    gestures: Type.Optional(
      Type.Array(Type.Object({ gesture: Type.Enum([...GESTURES]), ...FoundSchema.properties }, closed), {
        maxItems: GESTURES.length,
      }),
    ),
  },
  closed,
);
/** What the models found; kinds that were not asked for are absent. */
export type Detections = Static<typeof DetectionsSchema>;

/** From the child: what it saw, or why it could not. */
export const LookAnswerSchema = Type.Union([
  Type.Object(
    {
      ...answer,
      type: Type.Literal('seen'),
      statistics: Type.Object(
        { brightness: share, motion: Type.Optional(share), sceneChange: Type.Optional(share) },
        closed,
      ),
    },
    closed,
  ),
  Type.Object({ ...answer, type: Type.Literal('detected'), detections: DetectionsSchema }, closed),
  /** The models cannot be loaded or fail; the picture is not to blame. */
  Type.Object({ ...answer, type: Type.Literal('detection_failed'), reason }, closed),
  Type.Object({ ...answer, type: Type.Literal('bad_frame'), reason }, closed),
]);
export type LookAnswer = Static<typeof LookAnswerSchema>;
