import Type from 'typebox';

/** Ids are made by `crypto.randomUUID()` at their author and never changed: whoever consumes a message ignores an id it has seen. */
export const IdSchema = Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' });
export const TimestampSchema = Type.String({ format: 'date-time' });
export const DurationMsSchema = Type.Number({ minimum: 0, maximum: 86_400_000 });
export const ServiceNameSchema = Type.Enum(['supervisor', 'audio-gateway', 'osc-bridge', 'llm-service', 'cv-service']);
export const SeveritySchema = Type.Enum(['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG']);
export const ErrorCodeSchema = Type.String({ pattern: '^[A-Z][A-Z0-9_]{2,63}$' });
/** Facts for people and programs; bounded so that an error can never be the flood. */
export const ContextSchema = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 32 });
