import type { WATCHER_ALERTS } from '../alerts/watcher-alerts.ts';
import { dip, grow, hold, type Scenario } from './scenario.ts';

const FIVE_MINUTES = { before: 60, broken: 300, after: 300 };

/** A program of one process: a short stumble is none, five minutes are. */
const programDown = (job: string): Scenario => ({
  series: { [`up{job="${job}"}`]: dip(1, 0, FIVE_MINUTES) },
  quietAt: [55, 100],
  firesAt: 200,
  fires: [{ job }],
  resolvedAt: 480,
});

/** A counter that stands, rises for a minute and stands again. */
const burst = (series: string, labels: Readonly<Record<string, string>>, standing: number): Scenario => ({
  series: { [series]: [hold(3, 60), grow(4, 1, 60), hold(15, standing)] },
  quietAt: [55],
  firesAt: 90,
  fires: [labels],
  resolvedAt: 60 + standing,
});

export const WATCHER_SCENARIOS = {
  AlertmanagerDown: programDown('alertmanager'),
  AlertmanagerNotificationsFailing: burst(
    'alertmanager_notifications_failed_total{job="alertmanager",integration="discord",reason="clientError"}',
    { integration: 'discord' },
    900,
  ),
  RuleEvaluationFailing: burst(
    'prometheus_rule_evaluation_failures_total{job="prometheus",rule_group="understudy.yml;services"}',
    { rule_group: 'understudy.yml;services' },
    900,
  ),
  LokiDown: programDown('loki'),
  TempoDown: programDown('tempo'),
  GrafanaDown: programDown('grafana'),
  LogShipperDown: programDown('fluent-bit'),
  LogPipelineBacklog: {
    series: { 'fluentbit_storage_fs_chunks{job="fluent-bit"}': dip(50, 51, { before: 900, broken: 900, after: 300 }) },
    quietAt: [895, 1400],
    firesAt: 1560,
    fires: [{}],
    resolvedAt: 1900,
  },
  LogRecordsDropped: burst('fluentbit_output_dropped_records_total{job="fluent-bit",name="loki.0"}', {}, 1500),
  LogInputPaused: {
    series: {
      'fluentbit_input_ingestion_paused{job="fluent-bit",name="tail.0"}': dip(0, 1, {
        before: 60,
        broken: 480,
        after: 300,
      }),
    },
    quietAt: [55, 300],
    firesAt: 400,
    fires: [{}],
    resolvedAt: 700,
  },
  // While Tempo is down the lost spans are no news.
  TraceExportFailing: {
    series: {
      'understudy_trace_export_errors_total{service="llm-service"}': [grow(0, 1, 1800), hold(359, 1500)],
      // Lost while Tempo was away, and no more since.
      'understudy_trace_export_errors_total{service="cv-service"}': [grow(0, 1, 600), hold(119, 2700)],
      'up{job="tempo"}': [hold(0, 600), hold(1, 2700)],
    },
    quietAt: [500, 800, 1100],
    firesAt: 1600,
    fires: [{ service: 'llm-service' }],
    resolvedAt: 2700,
  },
} as const satisfies Readonly<Record<Exclude<keyof typeof WATCHER_ALERTS, 'Watchdog'>, Scenario>>;
