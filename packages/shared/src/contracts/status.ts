import Type, { type Static } from 'typebox';
import { CapabilityStatesSchema } from './capabilities.ts';
import { ServiceNameSchema, TimestampSchema } from './ids.ts';
import { LimitSchema, ModeSchema } from './solve-mode.ts';

export const HEALTH_STATUSES = ['HEALTHY', 'DEGRADED', 'UNHEALTHY'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];
export const IMPORTANCE = ['critical', 'important', 'optional'] as const;
export const HEALTH_CHECKS = ['audio', 'osc', 'llm', 'memory', 'performance'] as const;
export type HealthCheckName = (typeof HEALTH_CHECKS)[number];

export const HealthCheckSchema = Type.Object({
  name: Type.Enum([...HEALTH_CHECKS]),
  status: Type.Enum([...HEALTH_STATUSES]),
  importance: Type.Enum([...IMPORTANCE]),
  detail: Type.String(),
});
export type HealthCheck = Static<typeof HealthCheckSchema>;

export const HealthReportSchema = Type.Object({
  overall_health: Type.Enum([...HEALTH_STATUSES]),
  checks: Type.Array(HealthCheckSchema),
  timestamp: TimestampSchema,
});
export type HealthReport = Static<typeof HealthReportSchema>;

export const ServiceStatusSchema = Type.Object({
  name: ServiceNameSchema,
  state: Type.Enum(['unknown', 'starting', 'ready', 'draining', 'parked', 'silent']),
  address: Type.String(),
  startedAt: Type.Optional(TimestampSchema),
  lastHeartbeatAt: Type.Optional(TimestampSchema),
  /** Starts counted within the restart period, the first included. */
  starts: Type.Integer(),
  missedHeartbeats: Type.Integer(),
  memoryRssBytes: Type.Optional(Type.Integer()),
  eventLoopDelayP99Ms: Type.Optional(Type.Number()),
});
export type ServiceStatus = Static<typeof ServiceStatusSchema>;

/** `GET /v1/status`. */
export const StatusSchema = Type.Object({
  health: HealthReportSchema,
  mode: ModeSchema,
  limits: Type.Array(LimitSchema),
  capabilities: CapabilityStatesSchema,
  services: Type.Array(ServiceStatusSchema),
  incidents: Type.Object({ open: Type.Integer(), needsOperator: Type.Integer() }),
  /** One event, three audiences: here the operator's line (with the remedy) and the streamer's. */
  words: Type.Object({ operator: Type.String(), streamer: Type.String() }),
  bus: Type.Enum(['connected', 'disconnected']),
});
export type Status = Static<typeof StatusSchema>;
