import Type, { type Static } from 'typebox';
import { CapabilitySchema, ObservedSchema } from './capabilities.ts';
import { PROBES } from './commands.ts';
import { ContextSchema, ErrorCodeSchema, IdSchema, ServiceNameSchema, SeveritySchema, TimestampSchema } from './ids.ts';
import { CAUSES, STRATEGIES } from './strategies.ts';

export const INCIDENT_STATES = ['open', 'recovering', 'degraded', 'resolved'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

const StrategySchema = Type.Enum([...STRATEGIES]);
const at = TimestampSchema;
const text = Type.String({ maxLength: 1000 });
const step = <T extends string, P extends Record<string, import('typebox').TSchema>>(type: T, properties: P) =>
  Type.Object({ type: Type.Literal(type), at, ...properties }, { additionalProperties: false });

export const ProbeSpecSchema = Type.Object(
  { what: Type.Enum([...PROBES]), subject: Type.Optional(Type.String({ maxLength: 120 })) },
  { additionalProperties: false },
);
export type ProbeSpec = Static<typeof ProbeSpecSchema>;

/** One try: commands to the owner (none: only a look at the world) and the probe that must prove it. Enough to do it again with the same ids. */
export const AttemptSchema = Type.Object(
  {
    attempt: Type.Integer({ minimum: 1 }),
    commandId: IdSchema,
    /** What the strategy meant by it: `switch:desk-mic`, `reconnect`, `watch:primary`, ... its own memory, read back by it alone. */
    label: Type.String({ maxLength: 200 }),
    strategy: StrategySchema,
    commands: Type.Array(
      Type.Object(
        { service: ServiceNameSchema, verb: Type.String(), args: Type.Record(Type.String(), Type.Unknown()) },
        { additionalProperties: false },
      ),
    ),
    probe: Type.Optional(ProbeSpecSchema),
    /** Pause between the commands and the probe. */
    settleMs: Type.Optional(Type.Number()),
    /** It tries the full capability: what held it down is lifted first. */
    lifts: Type.Optional(Type.Boolean()),
    startedAt: at,
    finishedAt: Type.Optional(at),
    outcome: Type.Optional(Type.Enum(['done', 'failed', 'refused', 'gone', 'unreachable'])),
    /** The probe's word; only it makes a recovery. */
    verified: Type.Optional(Type.Boolean()),
    detail: Type.Optional(text),
    data: Type.Optional(ContextSchema),
  },
  { additionalProperties: false },
);
export type Attempt = Static<typeof AttemptSchema>;

const retryAfterMs = Type.Optional(Type.Number());

/** One cause as it was last reported. Records of older versions lack all of it. */
const causeReport = {
  /** What happened, as its own report tells it. */
  summary: Type.Optional(text),
  /** The server's own suggestion, where it gave one. */
  retryAfterMs,
  /** A probe of its subject has proved since that it works again. */
  over: Type.Optional(Type.Boolean()),
};

export const IncidentSchema = Type.Object(
  {
    id: IdSchema,
    code: ErrorCodeSchema,
    category: Type.String(),
    severity: SeveritySchema,
    cause: Type.Enum([...CAUSES]),
    service: ServiceNameSchema,
    subject: Type.Optional(Type.String()),
    capability: Type.Optional(CapabilitySchema),
    probe: Type.Enum([...PROBES]),
    strategy: StrategySchema,
    state: Type.Enum([...INCIDENT_STATES]),
    acknowledged: Type.Boolean(),
    regressed: Type.Boolean(),
    /** An operator must act on a cause that is not over: nothing is retried, only watched. */
    needsOperator: Type.Boolean(),
    fingerprint: Type.String(),
    /** The cause that opened it, which its code and fingerprint name. */
    root: Type.Optional(Type.Object(causeReport, { additionalProperties: false })),
    /** Other causes for the same capability that joined while it was open. */
    members: Type.Array(
      Type.Object(
        { fingerprint: Type.String(), capability: Type.Optional(CapabilitySchema), ...causeReport },
        { additionalProperties: false },
      ),
    ),
    errorIds: Type.Array(IdSchema),
    occurrences: Type.Integer({ minimum: 1 }),
    /** These three tell of the cause that presses most among those that are not over; where it is not the root, its name stands first. */
    summary: text,
    remedy: text,
    userMessage: text,
    openedAt: at,
    /** Opening, last reopening or last joined cause: attempts before it belong to an earlier round. */
    currentSince: at,
    updatedAt: at,
    /** When a probe first proved that the capability works again, be it on a fallback. */
    verifiedAt: Type.Optional(at),
    resolvedAt: Type.Optional(at),
    /** What holds the stage meanwhile: `device:desk-mic`, `text_only`, `pattern`. */
    degradedBy: Type.Optional(Type.String({ maxLength: 200 })),
    nextAttemptAt: Type.Optional(at),
    /** As the root's report at the opening had it. */
    retryAfterMs,
    /** What the supervisor lets the capabilities be while this is open. */
    ceilings: ObservedSchema,
    /** Memory pressure: only the essentials run. */
    essential: Type.Boolean(),
    parked: Type.Boolean(),
    /** The last ones, oldest first. */
    attempts: Type.Array(AttemptSchema),
    traceparent: Type.Optional(Type.String({ maxLength: 80 })),
  },
  { additionalProperties: false },
);
export type Incident = Static<typeof IncidentSchema>;

/** Everything that can happen to an incident. The stream of these is the truth; the Incident above is their fold. */
export const IncidentStepSchema = Type.Union([
  step('opened', { incident: IncidentSchema, errorId: IdSchema }),
  step('occurred', {
    errorId: IdSchema,
    /** Which of its causes, and what happened this time, where that is another than before. Steps of older streams lack them. */
    fingerprint: Type.Optional(Type.String()),
    summary: Type.Optional(text),
    retryAfterMs,
  }),
  step('joined', {
    errorId: IdSchema,
    fingerprint: Type.String(),
    code: ErrorCodeSchema,
    severity: SeveritySchema,
    needsOperator: Type.Boolean(),
    capability: Type.Optional(CapabilitySchema),
    /** What happened, as an opened incident tells it. Steps of older streams lack it. */
    summary: Type.Optional(text),
    retryAfterMs,
  }),
  step('decided', { strategy: StrategySchema, reason: text }),
  step('attempt_started', { attempt: AttemptSchema }),
  step('attempt_finished', { attempt: AttemptSchema, durationMs: Type.Number() }),
  step('degraded', {
    by: Type.String({ maxLength: 200 }),
    verified: Type.Boolean(),
    ceilings: ObservedSchema,
    essential: Type.Boolean(),
  }),
  step('parked', { until: at, reason: text }),
  step('resumed', { by: Type.String({ maxLength: 120 }) }),
  step('escalated', { from: Type.String(), to: Type.String(), reason: text }),
  step('severity_raised', { from: SeveritySchema, to: SeveritySchema }),
  step('resolved', {
    reason: text,
    /** Nothing was recovered: what it is about is not configured any more. */
    gone: Type.Optional(Type.Boolean()),
  }),
  step('reopened', {
    errorId: IdSchema,
    /** What happened this time. Steps of older streams lack it. */
    summary: Type.Optional(text),
    retryAfterMs,
  }),
  step('acknowledged', { by: Type.String({ maxLength: 120 }) }),
  step('noticed', { channel: Type.String({ maxLength: 120 }), detail: text }),
  step('snapshot', { incident: IncidentSchema }),
]);
export type IncidentStep = Static<typeof IncidentStepSchema>;

/** One append to `understudy.BOT.incident.INCIDENT`: steps that happen together are written together. */
export const IncidentRecordSchema = Type.Object(
  { id: IdSchema, incidentId: IdSchema, steps: Type.Array(IncidentStepSchema, { minItems: 1 }) },
  { additionalProperties: false },
);
export type IncidentRecord = Static<typeof IncidentRecordSchema>;
