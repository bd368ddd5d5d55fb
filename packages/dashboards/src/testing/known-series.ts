import { METRICS, type MetricRow } from '@understudy/shared/telemetry';

/** Labels that Prometheus itself or the services' default label gives to each series. */
const EVERYWHERE = ['job', 'instance', 'service'];

/** Series that are not in METRICS, with the labels that queries may use, by who makes them. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  // Prometheus.
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
  prometheus_rule_evaluation_failures_total: [],
  // Alertmanager.
  alertmanager_notifications_total: ['integration'],
  alertmanager_notifications_failed_total: ['integration'],
  // Fluent Bit.
  fluentbit_output_proc_records_total: [],
  fluentbit_output_dropped_records_total: [],
  fluentbit_output_retries_failed_total: [],
  fluentbit_storage_fs_chunks: [],
  // prom-client, in every service; the process_ ones also in every Go program.
  process_cpu_seconds_total: [],
  process_start_time_seconds: [],
  process_resident_memory_bytes: [],
  process_open_fds: [],
  nodejs_heap_size_used_bytes: [],
  nodejs_external_memory_bytes: [],
  nodejs_active_resources_total: [],
  nodejs_gc_duration_seconds_sum: ['kind'],
  // The PC's own exporters.
  windows_cpu_time_total: ['mode'],
  windows_memory_physical_free_bytes: [],
  windows_memory_physical_total_bytes: [],
  node_cpu_seconds_total: ['mode'],
  node_memory_MemAvailable_bytes: [],
  node_memory_MemTotal_bytes: [],
  // Recording rules of packages/monitoring.
  'objective:bad:ratio_1h': ['objective'],
  'objective:bad:ratio_7d': ['objective'],
  'objective:error_budget_left:ratio': ['objective'],
};

function seriesOf(name: string, row: MetricRow): [string, readonly string[]][] {
  const labels = Object.keys(row.labels);
  // OpenMetrics gives every counter `_total`.
  if (row.type === 'counter') return [[name.endsWith('_total') ? name : `${name}_total`, labels]];
  if (row.type === 'gauge') return [[name, labels]];
  return [
    [`${name}_bucket`, [...labels, 'le']],
    [`${name}_count`, labels],
    [`${name}_sum`, labels],
  ];
}

/** Series -> the labels that it has. */
export const KNOWN_SERIES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...Object.entries(METRICS).flatMap(([name, row]) => seriesOf(name, row)), ...Object.entries(FOREIGN)].map(
    ([name, labels]) => [name, new Set([...EVERYWHERE, ...labels])],
  ),
);
