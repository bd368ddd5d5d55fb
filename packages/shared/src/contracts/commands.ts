import Type, { type Static, type TSchema } from 'typebox';
import { CapabilitySchema, LevelSchema, ObservedSchema } from './capabilities.ts';
import { ContextSchema, IdSchema, ServiceNameSchema, TimestampSchema } from './ids.ts';
import type { SupervisedService } from './services.ts';

const args = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const nothing = args({});
const device = args({ device: Type.String({ minLength: 1, maxLength: 120 }) });

/** What a probe can be asked to prove; the error table names the one that verifies each code. */
export const PROBES = [
  'alive',
  'input-frames',
  'input-quality',
  'output-echo',
  'transcription',
  'hearing',
  'speech-detection',
  'speech',
  'osc-echo',
  'provider-answers',
  'prompt-whole',
  'budget',
  'moderation',
  'child-answers',
  'frames-fresh',
  'picture-visible',
  'detection',
  'memory',
  'event-loop',
  'configuration',
  'cache',
  'bus',
  'disk',
] as const;
export type ProbeName = (typeof PROBES)[number];

/** Verbs that every supervised service answers. */
const everyService = {
  /** Does the thing work now? Changes nothing. `subject` names one device or provider. */
  probe: args({ what: Type.Enum([...PROBES]), subject: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })) }),
  /** The supervisor's word on a capability: text-only, avatar interaction, a feature on or off. Lasts until the next one. */
  'set-ceiling': args({
    capability: CapabilitySchema,
    level: LevelSchema,
    by: Type.String({ minLength: 1, maxLength: 120 }),
  }),
  /** Give memory back: caches first, then optional features. */
  shed: args({ what: Type.Enum(['caches', 'features']) }),
  /** Undo `shed features`. */
  restore: nothing,
  /** End at a safe moment (between utterances); whoever started the process starts it again. */
  recycle: nothing,
  /** Read the configuration again; a wrong one is refused and the last good one kept. */
  reload: nothing,
  /** Leave the parked state. */
  resume: nothing,
} as const;

/** One table of every verb and its arguments; the owner of the service answers it, nobody else. */
export const COMMANDS = {
  'audio-gateway': { ...everyService, 'list-devices': nothing, 'test-device': device, 'switch-device': device },
  'osc-bridge': { ...everyService, reconnect: nothing, 'release-inputs': nothing },
  'llm-service': {
    ...everyService,
    'clear-cache': nothing,
    /** Where the ladder begins: `auto`, `provider:NAME`, `cache` or `pattern`. */
    'force-rung': args({ rung: Type.String({ pattern: '^(auto|cache|pattern|provider:[A-Za-z0-9_-]{1,40})$' }) }),
  },
  'cv-service': { ...everyService, 'restart-child': nothing, reconnect: nothing },
} as const satisfies Record<SupervisedService, Record<string, TSchema>>;

export type Verb<S extends SupervisedService = SupervisedService> = S extends SupervisedService
  ? keyof (typeof COMMANDS)[S] & string
  : never;

export type CommandArgs<S extends SupervisedService, V extends Verb<S>> = (typeof COMMANDS)[S][V] extends TSchema
  ? Static<(typeof COMMANDS)[S][V]>
  : never;

/** What a strategy asks an owner to do, before it becomes a message. */
export type CommandSpec = {
  [S in SupervisedService]: { [V in Verb<S>]: { service: S; verb: V; args: CommandArgs<S, V> } }[Verb<S>];
}[SupervisedService];

/** The request on `understudy.BOT.command.SERVICE.VERB`. A command that arrives after its deadline is refused. */
export const RecoveryCommandSchema = Type.Object(
  {
    id: IdSchema,
    service: ServiceNameSchema,
    verb: Type.String({ minLength: 1, maxLength: 40 }),
    args: Type.Record(Type.String(), Type.Unknown()),
    deadlineMs: Type.Number({ minimum: 0, maximum: 600_000 }),
    /** By the supervisor's clock, stamped by the bus; the reader corrects it by what it knows of the difference. */
    sentAt: Type.Optional(TimestampSchema),
    incidentId: Type.Optional(IdSchema),
  },
  { additionalProperties: false },
);
export type RecoveryCommand = Static<typeof RecoveryCommandSchema>;

/**
 * `done`: the owner did it (for a probe: it works). `failed`: tried, and it does not work. `refused`: not tried (late, unknown verb,
 * not on the approved list). `gone`: what it is asked about is not in the configuration (any more). A repeated id is answered
 * with the first result.
 */
export const RecoveryResultSchema = Type.Object(
  {
    commandId: IdSchema,
    outcome: Type.Enum(['done', 'failed', 'refused', 'gone']),
    detail: Type.String({ maxLength: 500 }),
    data: Type.Optional(ContextSchema),
    observed: ObservedSchema,
  },
  { additionalProperties: false },
);
export type RecoveryResult = Static<typeof RecoveryResultSchema>;

/** `list-devices` answers this under `data.devices`, in the operator's order. */
export const AudioDeviceSchema = Type.Object(
  {
    id: Type.String(),
    direction: Type.Enum(['input', 'output']),
    state: Type.Enum(['active', 'available', 'unavailable']),
  },
  { additionalProperties: false },
);
export type AudioDevice = Static<typeof AudioDeviceSchema>;
