import Type, { type Static, type TSchema } from 'typebox';
import { SERVICES } from '../contracts/index.ts';
import { AlertActionsSchema } from './alert-actions-schema.ts';
import { AudioSchema } from './audio-schema.ts';
import { LlmSchema, PersonaSchema } from './llm-schema.ts';
import { ObjectivesSchema, RuleLimitsSchema } from './monitoring-schema.ts';
import { NotificationsSchema } from './notifications-schema.ts';
import { HealthSchema, RecoverySchema } from './recovery-schema.ts';
import type { SchemaNode } from './schema-node.ts';
import { channels, count, flag, loopback, ms, percent, port, section, share } from './schema-parts.ts';
import { VisionSchema } from './vision-schema.ts';
import { VrchatSchema } from './vrchat-schema.ts';

const LoggingSchema = section(
  {
    level: Type.Enum(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'], {
      default: 'INFO',
      description: 'Lines below this are not written.',
    }),
    format: Type.Enum(['json', 'pretty'], {
      default: 'json',
      description: 'On the console, where npm start -- --console does not say it; files are always JSON.',
    }),
    output: section(
      {
        folder: Type.String({ default: 'logs', description: 'Each service writes SERVICE.log here.' }),
        console: flag(true, 'Write to the console too.'),
      },
      'Where lines go.',
    ),
    rotation: section(
      {
        enabled: flag(true, 'Rotate by size.'),
        max_size: Type.String({
          pattern: '^[0-9]+(KB|MB)$',
          default: '10MB',
          description: 'Size at which a file is rotated.',
        }),
        backup_count: count(5, 'Generations kept besides the live file.', 1, 50),
        compression: flag(true, 'Generations older than the first are gzipped.'),
      },
      'Bound of the log files.',
    ),
    performance: section(
      { enabled: flag(true, 'Log slow operations.'), threshold_ms: ms(1000, 'Slower ones are logged.') },
      'Slow operations (log_performance).',
    ),
    errors: section(
      {
        detailed_context: flag(true, 'Context with each error.'),
        include_stack_trace: flag(true, 'Stack with each error.'),
      },
      'What an error carries.',
    ),
  },
  'Logs.',
);

const AlertsSchema = section(
  {
    critical_errors: section(
      {
        enabled: flag(true, 'On or off.'),
        threshold: count(1, 'Critical errors that make a notice.'),
        cooldown: count(300, 'Seconds until the same is told again.'),
        channels: channels('console', 'log_file'),
      },
      'Critical errors.',
    ),
    performance_degradation: section(
      {
        enabled: flag(true, 'On or off.'),
        threshold_ms: ms(2000, 'Answers slower than this.'),
        window: Type.String({
          pattern: '^[0-9]+[smh]$',
          default: '5m',
          description: 'Over which answers are judged.',
        }),
        channels: channels('console'),
      },
      'Slow answers.',
    ),
    resource_usage: section(
      {
        enabled: flag(true, 'On or off.'),
        memory_threshold: percent('80%', "Of a service's memory limit."),
        cpu_threshold: percent('90%', 'Of one core.'),
        channels: channels('console', 'log_file'),
      },
      'Memory and processor.',
    ),
    external_service_failure: section(
      {
        enabled: flag(true, 'On or off.'),
        consecutive_failures: count(3, 'Failures in a row of one external service.'),
        channels: channels('console', 'log_file'),
      },
      'Providers and peers.',
    ),
  },
  'The four alerts.',
);

export const ConfigSchema = Type.Object(
  {
    bot: Type.String({
      pattern: '^[a-z0-9-]{1,30}$',
      default: 'main',
      description: "The bot's name in every subject and stream.",
    }),
    logging: LoggingSchema,
    alerts: AlertsSchema,
    alert_actions: AlertActionsSchema,
    notifications: NotificationsSchema,
    objectives: ObjectivesSchema,
    rule_limits: RuleLimitsSchema,
    http: section(
      {
        host: loopback('Address on which the services listen. Keep it on loopback.'),
        ports: section(
          {
            supervisor: port(SERVICES.supervisor.port, 'Status, incidents, events.'),
            'audio-gateway': port(SERVICES['audio-gateway'].port, 'POST /v1/input.'),
            'osc-bridge': port(SERVICES['osc-bridge'].port, 'Health and metrics.'),
            'llm-service': port(SERVICES['llm-service'].port, 'POST /v1/input as well.'),
            'cv-service': port(SERVICES['cv-service'].port, 'Health and metrics.'),
            starter: port(8709, 'Faults of the servers that the native start owns.'),
          },
          'One port a service.',
        ),
        allowed_hosts: Type.Array(Type.String({ minLength: 1 }), {
          default: [],
          description: 'Host headers that are accepted besides loopback names.',
        }),
        allowed_origins: Type.Array(Type.String({ minLength: 1 }), {
          default: [],
          description: 'Origins of web pages that may call, besides none.',
        }),
      },
      'The HTTP side of every service.',
    ),
    nats: section(
      { port: port(4322, 'Port of the private NATS.'), host: loopback('Its address.') },
      'The message bus that Understudy starts for itself.',
    ),
    redis: section({ port: port(6479, 'Port of the private Redis.'), host: loopback('Its address.') }, 'The cache.'),
    tracing: section(
      {
        endpoint: Type.Optional(Type.String({ pattern: '^https?://', description: 'OTLP/HTTP, without /v1/traces.' })),
        sample_ratio: share(1, 'Share of the turns whose trace is kept; failures and recoveries always are.'),
      },
      'Where traces go; nowhere without an endpoint.',
    ),
    resources: section(
      {
        memory_limit_mb: section(
          {
            supervisor: count(384, 'Megabytes.', 64, 65_536),
            'audio-gateway': count(512, 'Megabytes.', 64, 65_536),
            'osc-bridge': count(384, 'Megabytes.', 64, 65_536),
            'llm-service': count(512, 'Megabytes.', 64, 65_536),
            'cv-service': count(512, 'Megabytes.', 64, 65_536),
          },
          'Above alerts.resource_usage.memory_threshold of it, memory is given back.',
        ),
      },
      'What the stack may take beside the game.',
    ),
    health: HealthSchema,
    recovery: RecoverySchema,
    persona: PersonaSchema,
    llm: LlmSchema,
    audio: AudioSchema,
    vrchat: VrchatSchema,
    vision: VisionSchema,
    turn: section(
      {
        budget_ms: ms(8000, 'From the input to its last sentence.'),
        delivery_wait_ms: ms(600, "How long the HTTP answer waits for the sinks' word on the first sentence."),
        unanswered_line: Type.String({
          default: 'Sorry, my head is somewhere else right now. Give me a moment!',
          description: 'Said by the audio-gateway when the llm-service cannot be reached at all.',
        }),
      },
      'One input and all that follows from it.',
    ),
    simulators: section(
      {
        control_port: port(8790, 'Control of all simulators.'),
        llm_port: port(8791, 'Simulated model and voice providers.'),
        camera_port: port(8792, 'Simulated camera.'),
        vrchat_receive_port: port(19_000, "The simulated VRChat's 9000."),
        vrchat_send_port: port(19_001, "The simulated VRChat's 9001."),
        oscquery_port: port(19_002, "The simulated VRChat's OSCQuery."),
        speaker_port: port(6990, 'The simulated speakers.'),
      },
      'Peers that stand in for what is not named above.',
    ),
  },
  { additionalProperties: false, title: 'Understudy', description: 'config/understudy.yaml' },
);
export type Config = Static<typeof ConfigSchema>;

const asNode = (schema: TSchema): SchemaNode => schema;
/** The same to walk through: to compare the types of all its sections with a node's is too deep for TypeScript. */
export const CONFIG_NODE = asNode(ConfigSchema);
