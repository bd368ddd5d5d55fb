import Type, { type Static } from 'typebox';
import { ObservedSchema } from './capabilities.ts';
import { IdSchema, ServiceNameSchema, TimestampSchema } from './ids.ts';

export const SERVICE_STATES = ['starting', 'ready', 'draining', 'parked'] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

/** Every second over core NATS: one may be lost, its sequence number tells. */
export const HeartbeatSchema = Type.Object(
  {
    service: ServiceNameSchema,
    instanceId: IdSchema,
    version: Type.String({ maxLength: 40 }),
    seq: Type.Integer({ minimum: 0 }),
    startedAt: TimestampSchema,
    state: Type.Enum([...SERVICE_STATES]),
    observed: ObservedSchema,
    eventLoopDelayMs: Type.Object({ p50: Type.Number(), p99: Type.Number(), max: Type.Number() }),
    memory: Type.Object({
      rssBytes: Type.Integer({ minimum: 0 }),
      heapUsedBytes: Type.Integer({ minimum: 0 }),
      limitBytes: Type.Integer({ minimum: 0 }),
    }),
    /** Error events that wait on the service's disk for NATS. */
    outboxPending: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type Heartbeat = Static<typeof HeartbeatSchema>;
