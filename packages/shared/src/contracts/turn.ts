import Type, { type Static } from 'typebox';
import { ObservedSchema } from './capabilities.ts';
import { ErrorResponseSchema } from './error-response.ts';
import { ErrorCodeSchema, IdSchema, ServiceNameSchema } from './ids.ts';
import { ModeSchema } from './solve-mode.ts';

/** A turn is one input and all that follows from it. Limits travel as durations that remain: clocks of two machines differ. */
const turnFields = {
  turnId: IdSchema,
  seq: Type.Integer({ minimum: 0 }),
  final: Type.Boolean(),
  budgetMs: Type.Number({ minimum: 0, maximum: 600_000 }),
};

export const MAX_INPUT_LENGTH = 2000;

/** `understudy.BOT.input` (typed) and `understudy.BOT.utterance` (heard): what the bot is to answer. */
export const TurnInputSchema = Type.Object(
  {
    ...turnFields,
    from: ServiceNameSchema,
    source: Type.Enum(['text', 'speech']),
    text: Type.String({ minLength: 1, maxLength: MAX_INPUT_LENGTH }),
    userId: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
    sessionId: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  { additionalProperties: false },
);
export type TurnInput = Static<typeof TurnInputSchema>;

export const REPLY_SOURCES = ['provider', 'cache', 'pattern'] as const;
export type ReplySource = (typeof REPLY_SOURCES)[number];

/** `understudy.BOT.reply`: one sentence; `errors` stand on the final one. */
export const ReplySchema = Type.Object(
  {
    ...turnFields,
    text: Type.String({ maxLength: 4000 }),
    source: Type.Enum([...REPLY_SOURCES]),
    /** The rung that answered: `provider:primary`, `cache`, `pattern`. */
    by: Type.String({ minLength: 1, maxLength: 120 }),
    emotion: Type.Optional(Type.String({ maxLength: 40 })),
    mode: ModeSchema,
    fallbackUsed: Type.Boolean(),
    cachedResponseUsed: Type.Boolean(),
    errors: Type.Array(ErrorResponseSchema),
    observed: ObservedSchema,
  },
  { additionalProperties: false },
);
export type Reply = Static<typeof ReplySchema>;

export const DELIVERY_RESULTS = ['delivered', 'queued', 'skipped', 'failed'] as const;

/** `understudy.BOT.delivery.SERVICE`: what a sink did with one sentence, and what it observes of its capabilities now. */
export const DeliverySchema = Type.Object(
  {
    turnId: IdSchema,
    seq: Type.Integer({ minimum: 0 }),
    service: ServiceNameSchema,
    result: Type.Enum([...DELIVERY_RESULTS]),
    /** A person spoke over the bot: the rest of the turn is not wanted, and need not be thought. */
    interrupted: Type.Optional(Type.Boolean()),
    errorId: Type.Optional(IdSchema),
    errorCode: Type.Optional(ErrorCodeSchema),
    observed: ObservedSchema,
  },
  { additionalProperties: false },
);
export type Delivery = Static<typeof DeliverySchema>;

/** `POST /v1/input`, at the audio-gateway and, the same, at the llm-service. */
export const InputRequestSchema = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: MAX_INPUT_LENGTH, description: 'What a viewer says to the bot.' }),
    userId: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
    sessionId: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  { additionalProperties: false },
);
export type InputRequest = Static<typeof InputRequestSchema>;

/** The service that hands a turn on over HTTP names itself here: the turn began there, and is measured there. */
export const ASKED_BY_HEADER = 'x-understudy-asked-by';

export const InputResponseSchema = Type.Object(
  {
    message: Type.String(),
    mode: ModeSchema,
    source: Type.Enum([...REPLY_SOURCES]),
    fallback_used: Type.Boolean(),
    cached_response_used: Type.Boolean(),
    trace_id: Type.String(),
    turn_id: IdSchema,
    errors: Type.Optional(Type.Array(ErrorResponseSchema)),
  },
  { additionalProperties: false },
);
export type InputResponse = Static<typeof InputResponseSchema>;
