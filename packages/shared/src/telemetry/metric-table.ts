import { CAPABILITIES } from '../contracts/capabilities.ts';
import { POLICIES } from '../contracts/policies.ts';
import { type ServiceName, SUPERVISED_SERVICES } from '../contracts/services.ts';
import { SEVERITIES, type Severity } from '../contracts/severity.ts';
import { MODES } from '../contracts/solve-mode.ts';
import { HEALTH_CHECKS } from '../contracts/status.ts';
import { STRATEGIES } from '../contracts/strategies.ts';
import { DELIVERY_RESULTS, REPLY_SOURCES } from '../contracts/turn.ts';

/** A label whose values come from elsewhere (codes, provider names). Never a user's words or ids: each value is a series. */
export const OPEN = 'open';

export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Base unit of the value; a counter without one counts things. */
  readonly unit?: 'seconds' | 'milliseconds' | 'bytes';
  /** Each label's values, or `OPEN`. When none is open, counters and histograms are born at zero for every combination. */
  readonly labels: Readonly<Record<string, readonly string[] | typeof OPEN>>;
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[];
  /** Where it is born; elsewhere it appears with its first value. Absent: in every process. */
  readonly owners?: readonly ServiceName[];
}

const lower = (severity: Severity): Lowercase<Severity> => severity.toLowerCase() as Lowercase<Severity>;

/** A severity as a label's value: lower case (style.md, naming guide). */
export const severityLabel = lower;
const SEVERITY_LABELS = SEVERITIES.map(lower);

/** A call on the bot's own machine. */
const FAST_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
/** A model or a speech service; the user's threshold of 2 s (`performance_degradation`) is a bound. */
const ANSWER_SECONDS = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 13, 20, 30];
/** From light and movement (5 ms) to all models on a busy machine. */
const LOOK_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
/** From a reconnection within a second to a peer that the operator starts an hour later. */
const RECOVERY_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600];
/** One frame of the game at 144 a second to a game that hangs. */
const ECHO_SECONDS = [0.007, 0.014, 0.028, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const LATENCY_MS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

const DIRECTION = ['in', 'out'] as const;

/**
 * Every metric of Understudy, once. `docs/telemetry.md` and the types of `Metrics` follow from it.
 * Each series also carries the default label `service`, so that no row may have a label of that name.
 */
export const METRICS = {
  // The user's four (user-plan.md, Performance Monitoring). OpenMetrics prints the last as `error_count_total`.
  response_time_seconds: {
    type: 'histogram',
    help: 'LLM response time.',
    unit: 'seconds',
    labels: {},
    buckets: ANSWER_SECONDS,
    owners: ['llm-service'],
  },
  audio_latency_ms: {
    type: 'histogram',
    help: 'Audio processing latency: from the end of speech to its text (in), from a sentence to its first sound (out).',
    unit: 'milliseconds',
    labels: { direction: DIRECTION },
    buckets: LATENCY_MS,
    owners: ['audio-gateway'],
  },
  memory_usage_bytes: { type: 'gauge', help: 'Resident memory of the process.', unit: 'bytes', labels: {} },
  error_count: { type: 'counter', help: 'Errors by type (the category).', labels: { type: OPEN } },

  understudy_memory_limit_bytes: {
    type: 'gauge',
    help: 'What the process may take (`resources.memory_limit_mb`).',
    unit: 'bytes',
    labels: {},
  },

  understudy_build_info: { type: 'gauge', help: 'Always 1; the version is the label.', labels: { version: OPEN } },

  // Errors, incidents, recoveries.
  understudy_errors_total: {
    type: 'counter',
    help: 'Errors detected.',
    labels: { category: OPEN, code: OPEN, severity: SEVERITY_LABELS },
  },
  understudy_errors_by_severity_total: {
    type: 'counter',
    help: 'Errors detected, by severity alone: every series is there from the start, so that the first error is an increase.',
    labels: { severity: SEVERITY_LABELS },
  },
  understudy_error_events_rejected_total: {
    type: 'counter',
    help: 'Error events that did not match their schema; kept for inspection, not handled.',
    labels: { edge: OPEN, reason: OPEN },
  },
  understudy_bad_input_total: {
    type: 'counter',
    help: 'Input refused at an edge (http, nats, osc, vban, yaml, model), by reason.',
    labels: { edge: OPEN, reason: OPEN },
  },
  understudy_incidents_opened_total: {
    type: 'counter',
    help: 'Incidents opened.',
    labels: { category: OPEN, code: OPEN },
  },
  understudy_incidents_open: {
    type: 'gauge',
    help: 'Incidents that are not resolved.',
    labels: { severity: SEVERITY_LABELS },
  },
  understudy_incident_info: {
    type: 'gauge',
    help: 'One series for each incident that is not resolved; the value is when it was opened, in seconds since 1970.',
    labels: {
      incident_id: OPEN,
      code: OPEN,
      of: OPEN,
      subject: OPEN,
      severity: SEVERITY_LABELS,
      policy: [...POLICIES, ''],
      state: OPEN,
      summary: OPEN,
      remedy: OPEN,
    },
  },
  understudy_incident_duration_seconds: {
    type: 'histogram',
    help: 'From the opening of an incident to its resolution.',
    unit: 'seconds',
    labels: {},
    buckets: RECOVERY_SECONDS,
    owners: ['supervisor'],
  },
  understudy_recoveries_total: {
    type: 'counter',
    help: 'Recoveries that ended, by outcome.',
    labels: { strategy: STRATEGIES, outcome: ['recovered', 'degraded', 'gone'] },
    owners: ['supervisor'],
  },
  understudy_recovery_attempts_total: {
    type: 'counter',
    help: 'Single attempts of recoveries, by result.',
    labels: {
      strategy: STRATEGIES,
      result: ['verified', 'unverified', 'done', 'failed', 'refused', 'unreachable'],
    },
    owners: ['supervisor'],
  },
  understudy_recovery_duration_seconds: {
    type: 'histogram',
    help: 'From the decision to the verified recovery.',
    unit: 'seconds',
    labels: { strategy: STRATEGIES },
    buckets: RECOVERY_SECONDS,
    owners: ['supervisor'],
  },
  understudy_detection_duration_seconds: {
    type: 'histogram',
    help: 'From the time an error occurred to its arrival at the supervisor.',
    unit: 'seconds',
    labels: {},
    buckets: [...FAST_SECONDS, 2, 5, 10, 60],
    owners: ['supervisor'],
  },
  understudy_decisions_total: { type: 'counter', help: 'Decisions by type.', labels: { type: OPEN } },
  understudy_faults_injected_total: { type: 'counter', help: 'Faults made on purpose.', labels: { fault: OPEN } },

  // Health and modes.
  understudy_capability_level: {
    type: 'gauge',
    help: 'What the bot can do: 0 off, 1 degraded, 2 full.',
    labels: { capability: CAPABILITIES },
  },
  understudy_mode: { type: 'gauge', help: '1 for the mode that holds, 0 for the others.', labels: { mode: MODES } },
  understudy_health_status: {
    type: 'gauge',
    help: 'Health checks: 0 unhealthy, 1 degraded, 2 healthy.',
    labels: { check: [...HEALTH_CHECKS, 'overall'] },
  },
  understudy_last_heartbeat_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last heartbeat of a service arrived.',
    unit: 'seconds',
    labels: { of: SUPERVISED_SERVICES },
  },
  understudy_missed_heartbeats_total: {
    type: 'counter',
    help: 'Heartbeats missed.',
    labels: { of: SUPERVISED_SERVICES },
    owners: ['supervisor'],
  },
  understudy_service_starts_total: {
    type: 'counter',
    help: 'Starts of a service seen.',
    labels: { of: SUPERVISED_SERVICES },
    owners: ['supervisor'],
  },
  understudy_event_loop_delay_seconds: {
    type: 'gauge',
    help: 'Delay of the event loop in the last heartbeat interval.',
    unit: 'seconds',
    labels: { statistic: ['p50', 'p99', 'max'] },
  },

  understudy_restart_budget_remaining: {
    type: 'gauge',
    help: 'Starts that a service may still make within the period before it is parked.',
    labels: { of: SUPERVISED_SERVICES },
  },
  understudy_consecutive_failures: {
    type: 'gauge',
    help: 'Failures in a row of an external service (provider, VRChat, camera, device); 0 after a success.',
    labels: { peer: OPEN },
  },

  // What the supervisor sees of the programs around it.
  understudy_dependency_up: {
    type: 'gauge',
    help: '1 when the program answered the last check, else 0.',
    labels: { dependency: ['nats', 'redis', 'alertmanager'] },
  },
  understudy_nats_memory_bytes: { type: 'gauge', help: 'Resident memory of NATS.', unit: 'bytes', labels: {} },
  understudy_nats_slow_consumers: { type: 'gauge', help: 'Slow consumers that NATS has seen.', labels: {} },
  understudy_stream_messages: { type: 'gauge', help: 'Messages in a JetStream stream.', labels: { stream: OPEN } },
  understudy_stream_bytes: {
    type: 'gauge',
    help: 'Size of a JetStream stream.',
    unit: 'bytes',
    labels: { stream: OPEN },
  },
  understudy_redis_memory_bytes: { type: 'gauge', help: 'Memory that Redis uses.', unit: 'bytes', labels: {} },
  understudy_redis_memory_limit_bytes: { type: 'gauge', help: 'Its maxmemory.', unit: 'bytes', labels: {} },
  understudy_disk_free_bytes: {
    type: 'gauge',
    help: 'Space left where logs and data are written.',
    unit: 'bytes',
    labels: { folder: ['logs', 'data'] },
  },
  understudy_disk_size_bytes: {
    type: 'gauge',
    help: 'Size of that file system.',
    unit: 'bytes',
    labels: { folder: ['logs', 'data'] },
  },
  understudy_machine_memory_bytes: {
    type: 'gauge',
    help: 'Memory of the machine as its kernel tells (inside Docker Desktop: of its virtual machine).',
    unit: 'bytes',
    labels: { kind: ['total', 'available'] },
  },
  understudy_machine_processor_share: {
    type: 'gauge',
    help: 'Share of all processors that the machine used since the last check (inside Docker Desktop: its virtual machine), 0 to 1.',
    labels: {},
  },

  // Notices.
  understudy_notices_total: {
    type: 'counter',
    help: 'Notices, by channel and what became of them.',
    labels: { channel: ['console', 'log_file', 'alertmanager'], result: ['told', 'throttled', 'failed'] },
    owners: ['supervisor'],
  },
  understudy_alert_actions_total: {
    type: 'counter',
    help: 'Named actions that an alert asked for.',
    labels: { action: OPEN, result: ['done', 'failed', 'refused'] },
  },

  // The bot's own path.
  understudy_answer_duration_seconds: {
    type: 'histogram',
    help: 'From a turn\u2019s input to its first sentence, where the turn began; source `none` when no sentence came.',
    unit: 'seconds',
    labels: { source: [...REPLY_SOURCES, 'none'] },
    buckets: ANSWER_SECONDS,
    owners: ['audio-gateway', 'llm-service'],
  },
  understudy_turns_total: {
    type: 'counter',
    help: 'Turns answered, by the source of the answer and the mode under which it was made.',
    labels: { source: REPLY_SOURCES, mode: MODES },
    owners: ['llm-service'],
  },
  understudy_turn_duration_seconds: {
    type: 'histogram',
    help: 'From a turn\u2019s input to its last sentence.',
    unit: 'seconds',
    labels: { source: REPLY_SOURCES },
    buckets: ANSWER_SECONDS,
    owners: ['llm-service'],
  },
  understudy_replies_delivered_total: {
    type: 'counter',
    help: 'Sentences at a sink, by what became of them.',
    labels: { sink: ['audio-gateway', 'osc-bridge'], result: DELIVERY_RESULTS },
    owners: ['audio-gateway', 'osc-bridge'],
  },
  understudy_speech_seconds_total: {
    type: 'counter',
    help: 'Speech detected, without pauses.',
    unit: 'seconds',
    labels: {},
    owners: ['audio-gateway'],
  },
  understudy_speech_detection_duration_seconds: {
    type: 'histogram',
    help: 'From a frame of 32 ms to the word of the model of speech on it; loudness alone is not measured.',
    unit: 'seconds',
    labels: {},
    buckets: FAST_SECONDS,
    owners: ['audio-gateway'],
  },
  understudy_barge_ins_total: {
    type: 'counter',
    help: 'The bot was stopped by somebody who spoke over it.',
    labels: {},
    owners: ['audio-gateway'],
  },
  understudy_provider_calls_total: {
    type: 'counter',
    help: 'Calls to a provider (model, transcription, speech), by outcome.',
    labels: { provider: OPEN, outcome: OPEN },
  },
  understudy_provider_call_duration_seconds: {
    type: 'histogram',
    help: 'Duration of calls to a provider.',
    unit: 'seconds',
    labels: { provider: OPEN },
    buckets: ANSWER_SECONDS,
  },
  understudy_breaker_state: {
    type: 'gauge',
    help: 'Circuit breakers: 0 closed, 1 halfOpen, 2 open, 3 isolated.',
    labels: { name: OPEN },
  },
  understudy_cache_requests_total: {
    type: 'counter',
    help: 'Look-ups in the reply cache.',
    labels: { result: ['hit', 'miss', 'error'] },
    owners: ['llm-service'],
  },
  understudy_llm_tokens_total: {
    type: 'counter',
    help: 'Tokens by the word of the provider, or estimated where it says none.',
    labels: { provider: OPEN, kind: ['input', 'output'] },
  },
  understudy_llm_cost_total: {
    type: 'counter',
    help: "What they cost, in the money of the providers' prices.",
    labels: { provider: OPEN },
  },
  understudy_llm_budget_used_ratio: {
    type: 'gauge',
    help: 'Used part of llm.budget in the last hour, of the limit that is nearer; 0 without a limit.',
    labels: {},
  },
  understudy_replies_blocked_total: {
    type: 'counter',
    help: 'Sentences that llm.moderation did not let through, by what found them.',
    labels: { reason: ['words', 'service'] },
    owners: ['llm-service'],
  },
  understudy_osc_messages_total: {
    type: 'counter',
    help: 'OSC messages received (in) and sent (out).',
    labels: { direction: DIRECTION },
    owners: ['osc-bridge'],
  },
  understudy_osc_link_state: { type: 'gauge', help: 'Link to VRChat: 0 lost, 1 quiet, 2 connected.', labels: {} },
  understudy_chatbox_messages_total: { type: 'counter', help: 'Chatbox messages.', labels: { result: OPEN } },
  understudy_avatar_parameters_total: {
    type: 'counter',
    help: 'Avatar parameters that an expression wanted: sent, or why it was left out.',
    labels: { result: OPEN },
  },
  understudy_expressions_total: {
    type: 'counter',
    help: 'Expressions: played, replaced by a newer one before their last step, or unknown to vrchat.expressions.',
    labels: { result: ['played', 'replaced', 'unknown'] },
    owners: ['osc-bridge'],
  },
  understudy_osc_echo_duration_seconds: {
    type: 'histogram',
    help: 'From setting the echo parameter to its echo by VRChat, late ones too.',
    unit: 'seconds',
    labels: {},
    buckets: ECHO_SECONDS,
    owners: ['osc-bridge'],
  },
  understudy_audio_packets_total: {
    type: 'counter',
    help: 'Audio packets over the network.',
    labels: { direction: DIRECTION, result: OPEN },
  },
  understudy_audio_clock_drift_ratio: {
    type: 'gauge',
    help: 'Sound per time of the selected input, less one: -0.08 is 8 % too little.',
    labels: {},
    owners: ['audio-gateway'],
  },
  understudy_audio_frames_dropped_total: { type: 'counter', help: 'Audio frames dropped.', labels: { reason: OPEN } },
  understudy_utterances_total: { type: 'counter', help: 'Utterances heard.', labels: { result: OPEN } },
  understudy_vision_frames_total: { type: 'counter', help: 'Frames looked at.', labels: { result: OPEN } },
  understudy_vision_child_restarts_total: {
    type: 'counter',
    help: 'Restarts of the vision child process.',
    labels: {},
    owners: ['cv-service'],
  },

  understudy_vision_look_duration_seconds: {
    type: 'histogram',
    help: 'Duration of a look: of light and movement (statistics), of the models (detection).',
    unit: 'seconds',
    labels: { kind: ['statistics', 'detection'] },
    buckets: LOOK_SECONDS,
    owners: ['cv-service'],
  },
  understudy_vision_detections_total: {
    type: 'counter',
    help: 'Looks in which the models found at least one of a kind.',
    labels: { kind: ['people', 'faces', 'hands', 'gesture'] },
    owners: ['cv-service'],
  },
  understudy_vision_child_memory_bytes: {
    type: 'gauge',
    help: 'Resident memory of the vision child process at its last answer.',
    unit: 'bytes',
    labels: {},
  },

  // What the machinery says of itself.
  understudy_outbox_pending: {
    type: 'gauge',
    help: 'Error events or incident steps on disk that wait for NATS.',
    labels: {},
  },
  understudy_outbox_dropped_total: { type: 'counter', help: 'Outbox entries dropped at its bound.', labels: {} },
  understudy_log_lines_folded_total: {
    type: 'counter',
    help: 'Repeated log lines that were counted instead of written.',
    labels: {},
  },
  understudy_log_write_errors_total: {
    type: 'counter',
    help: 'Log lines that an output did not take, and failed rotations.',
    labels: { output: ['file', 'console'] },
  },
  understudy_trace_export_errors_total: {
    type: 'counter',
    help: 'Batches of spans that the trace store did not take; they are lost.',
    labels: {},
  },
  understudy_metric_values_rejected_total: {
    type: 'counter',
    help: 'Values that were no finite number, or negative for a counter.',
    labels: { metric: OPEN },
  },
} as const satisfies Readonly<Record<string, MetricRow>>;

type Table = typeof METRICS;
export type MetricName = keyof Table;
type NamesOf<T extends MetricRow['type']> = {
  [N in MetricName]: Table[N]['type'] extends T ? N : never;
}[MetricName];
export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;

/** The labels that a metric must be given, each with its values; `{}` for a metric without. */
export type LabelsOf<N extends MetricName> = keyof Table[N]['labels'] extends never
  ? Readonly<Record<string, never>>
  : {
      readonly [L in keyof Table[N]['labels']]: Table[N]['labels'][L] extends readonly (infer V extends string)[]
        ? V
        : string;
    };
