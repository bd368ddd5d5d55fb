import {
  BUDGET_WINDOW,
  BURN_WINDOWS,
  badRatio,
  eventCount,
  OBJECTIVE_NAMES,
  OBJECTIVES,
  type ObjectiveName,
} from './objectives.ts';
import type { Thresholds } from './thresholds.ts';

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const perService = (series: string): string => `sum by (service) (rate(${series}[5m]))`;
const p95 = (series: string): string => `histogram_quantile(0.95, sum by (service, le) (rate(${series}_bucket[5m])))`;

/** What each service works on: turns, messages, frames, packets, decisions. */
const WORK = [
  'understudy_turns_total',
  'understudy_osc_messages_total',
  'understudy_vision_frames_total',
  'understudy_audio_packets_total',
  'understudy_decisions_total',
];
/** How long its work takes, in seconds. */
const DURATIONS = [
  p95('understudy_turn_duration_seconds'),
  `${p95('audio_latency_ms')} / 1000`,
  p95('understudy_recovery_duration_seconds'),
];

/** Rate, errors, duration and saturation of each service, and the user's `error_count`, which OpenMetrics prints with `_total`. */
export const SERVICE_RULES: readonly RecordingRule[] = [
  { record: 'error_count', expr: 'sum by (service, type) (error_count_total)' },
  { record: 'service:work:rate5m', expr: WORK.map(perService).join(' or ') },
  {
    record: 'service_severity:errors:rate5m',
    expr: 'sum by (service, severity) (rate(understudy_errors_by_severity_total[5m]))',
  },
  { record: 'service:work_duration_seconds:p95_5m', expr: DURATIONS.join(' or ') },
  { record: 'service:response_time_seconds:p95_5m', expr: p95('response_time_seconds') },
  {
    record: 'service:memory_used:ratio',
    expr: 'max by (service) (memory_usage_bytes) / max by (service) (understudy_memory_limit_bytes > 0)',
  },
  {
    record: 'service:processor_used:rate1m',
    expr: 'sum by (service) (rate(process_cpu_seconds_total{job="services"}[1m]))',
  },
  {
    record: 'service:event_loop_delay_seconds:p99',
    expr: 'max by (service) (understudy_event_loop_delay_seconds{statistic="p99"})',
  },
];

function windowRules(name: ObjectiveName, window: string): RecordingRule[] {
  const { all, good } = OBJECTIVES[name];
  const labels = { objective: name };
  return [
    { record: eventCount(window), expr: all(window), labels },
    // Without events there is no ratio; without a good one it is 1.
    {
      record: badRatio(window),
      expr: `clamp_min(1 - (${good(window)} or 0 * ${all(window)}) / (${all(window)} > 0), 0)`,
      labels,
    },
  ];
}

/** Share of bad events of each objective over each window, and what is left of its budget: 1 untouched, 0 spent, below overspent. */
export const objectiveRules = ({ objectives }: Thresholds): RecordingRule[] =>
  OBJECTIVE_NAMES.flatMap((name) => [
    ...[...BURN_WINDOWS, BUDGET_WINDOW].flatMap((window) => windowRules(name, window)),
    {
      record: 'objective:error_budget_left:ratio',
      expr: `1 - ${badRatio(BUDGET_WINDOW)}{objective="${name}"} / ${objectives[name].budgetShare}`,
      labels: { objective: name },
    },
  ]);
