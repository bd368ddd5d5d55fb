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
  /** A hang on purpose where signals cannot stop a process (Windows). */
  | { readonly type: 'spin'; readonly durationMs: number };

const share = Type.Number({ minimum: 0, maximum: 1 });
const answer = { id: Type.Integer(), rssBytes: Type.Integer({ minimum: 0 }) };

/** From the child: what it saw, or why the bytes are no picture. */
export const LookAnswerSchema = Type.Union([
  Type.Object(
    {
      ...answer,
      type: Type.Literal('seen'),
      statistics: Type.Object(
        { brightness: share, motion: Type.Optional(share), sceneChange: Type.Optional(share) },
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { ...answer, type: Type.Literal('bad_frame'), reason: Type.String({ maxLength: 300 }) },
    { additionalProperties: false },
  ),
]);
export type LookAnswer = Static<typeof LookAnswerSchema>;
