import { CAPABILITIES } from '../contracts/capabilities.ts';
import type { ServiceName } from '../contracts/services.ts';
import { SEVERITIES, type Severity } from '../contracts/severity.ts';
import { MODES } from '../contracts/solve-mode.ts';
import { HEALTH_CHECKS } from '../contracts/status.ts';
import { STRATEGIES } from '../contracts/strategies.ts';
import { REPLY_SOURCES } from '../contracts/turn.ts';

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
/** From a reconnection within a second to a peer that the operator starts an hour later. */
const RECOVERY_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600];
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

  understudy_build_info: { type: 'gauge', help: 'Always 1; the version is the label.', labels: { version: OPEN } },

  // Errors, incidents, recoveries.
  understudy_errors_total: {
    type: 'counter',
    help: 'Errors detected.',
    labels: { category: OPEN, code: OPEN, severity: SEVERITY_LABELS },
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
  understudy_recoveries_total: {
    type: 'counter',
    help: 'Recoveries that ended, by outcome.',
    labels: { strategy: STRATEGIES, outcome: OPEN },
  },
  understudy_recovery_attempts_total: {
    type: 'counter',
    help: 'Single attempts of recoveries, by result.',
    labels: { strategy: STRATEGIES, result: OPEN },
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
    labels: { of: OPEN },
  },
  understudy_missed_heartbeats_total: { type: 'counter', help: 'Heartbeats missed.', labels: { of: OPEN } },
  understudy_service_starts_total: { type: 'counter', help: 'Starts of a service seen.', labels: { of: OPEN } },
  understudy_event_loop_delay_seconds: {
    type: 'gauge',
    help: 'Delay of the event loop in the last heartbeat interval.',
    unit: 'seconds',
    labels: { quantile: ['p50', 'p99', 'max'] },
  },

  // The bot's own path.
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
    labels: { sink: OPEN, result: OPEN },
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
  understudy_audio_packets_total: {
    type: 'counter',
    help: 'Audio packets over the network.',
    labels: { direction: DIRECTION, result: OPEN },
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
