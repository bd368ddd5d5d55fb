import Type, { type Static } from 'typebox';
import { ErrorCodeSchema, IdSchema } from './ids.ts';

/** The user's `ErrorResponse`; `error_id` leads to the incident: `GET /v1/incidents?error=ID`. */
export const ErrorResponseSchema = Type.Object(
  {
    handled: Type.Boolean(),
    /** True only for what a probe has verified already: a reply does not wait for a recovery. */
    recovery_successful: Type.Boolean(),
    fallback_activated: Type.Boolean(),
    user_message: Type.String(),
    error_code: ErrorCodeSchema,
    error_id: IdSchema,
  },
  { additionalProperties: false },
);
export type ErrorResponse = Static<typeof ErrorResponseSchema>;
