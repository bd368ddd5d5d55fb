import Type, { type Static } from 'typebox';
import { CapabilitySchema } from './capabilities.ts';
import { ContextSchema, ErrorCodeSchema, IdSchema, ServiceNameSchema, TimestampSchema } from './ids.ts';

/** One failure, as its service saw it. What it means is the error table's matter, not the sender's. */
export const ErrorEventSchema = Type.Object(
  {
    id: IdSchema,
    service: ServiceNameSchema,
    /** One process' life: start times and restarts are counted by it. */
    instanceId: IdSchema,
    version: Type.String({ maxLength: 40 }),
    code: ErrorCodeSchema,
    message: Type.String({ minLength: 1, maxLength: 2000 }),
    occurredAt: TimestampSchema,
    /** What failed within the service: a device id, a provider's name, a file. Part of the fingerprint. */
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
    /** Which capability it took or lowered; where absent the table's. */
    capability: Type.Optional(CapabilitySchema),
    context: ContextSchema,
    stack: Type.Optional(Type.String({ maxLength: 8000 })),
    /** The last log lines of the service before it failed, oldest first. */
    breadcrumbs: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 20 })),
    turnId: Type.Optional(IdSchema),
    sessionId: Type.Optional(Type.String({ maxLength: 120 })),
    userId: Type.Optional(Type.String({ maxLength: 120 })),
    performanceData: Type.Optional(ContextSchema),
    /** The server's own suggestion (`Retry-After`), where it gave one. */
    retryAfterMs: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400_000 })),
  },
  { additionalProperties: false },
);
export type ErrorEvent = Static<typeof ErrorEventSchema>;

/**
 * Groups occurrences: the same failure of the same thing.
 * @example audio-gateway/AUDIO_DEVICE_LOST/headset-mic
 */
export const fingerprintOf = (event: Pick<ErrorEvent, 'service' | 'code' | 'subject'>): string =>
  [event.service, event.code, event.subject].filter(Boolean).join('/');

/** The device, provider, ... of a fingerprint; `undefined` where the failure has none. */
export const subjectOf = (fingerprint: string): string | undefined =>
  fingerprint.split('/').slice(2).join('/') || undefined;
