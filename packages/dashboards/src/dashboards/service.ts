import { QueryVariableBuilder, VariableRefresh } from '@grafana/grafana-foundation-sdk/dashboard';
import { dataSourceRef } from '../data-sources.ts';
import {
  always,
  BAD,
  CARE,
  GOOD,
  inWords,
  lessIsBetter,
  NEUTRAL,
  paintAll,
  SEVERITY_COLOURS,
} from '../panels/house-look.ts';
import { logsPanel } from '../panels/logs-panel.ts';
import { statPanel } from '../panels/stat-panel.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { timeSeriesPanel } from '../panels/time-series-panel.ts';
import { UNITS } from '../panels/units.ts';
import { instant, range, table } from '../queries.ts';
import { linkTo } from './addresses.ts';
import { createDashboard, type Section } from './create-dashboard.ts';
import { countIn } from './expressions.ts';

const serviceVariable = () =>
  new QueryVariableBuilder('service')
    .label('Service')
    .datasource(dataSourceRef('prometheus'))
    .query({ query: 'label_values(understudy_build_info, service)', refId: 'service' })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .current({ text: 'supervisor', value: 'supervisor' });

const state: Section = {
  panels: [
    statPanel({
      id: 1,
      title: 'Answers',
      description: 'Whether Prometheus reaches it.',
      width: 4,
      height: 4,
      look: 'tile',
      unit: UNITS.words,
      noValue: 'not known',
      thresholds: always(BAD),
      mappings: inWords({ 0: { text: 'NO', color: BAD }, 1: { text: 'YES', color: GOOD } }),
      queries: [instant('max(up{service="$service"})', '')],
    }),
    statPanel({
      id: 2,
      title: 'Runs since',
      description: 'When its process started.',
      width: 4,
      height: 4,
      look: 'figure',
      unit: UNITS.ago,
      thresholds: always(NEUTRAL),
      queries: [instant('max(process_start_time_seconds{service="$service"}) * 1000', '')],
    }),
    statPanel({
      id: 3,
      title: 'Memory of its limit',
      description: 'Resident memory against what it may take.',
      width: 4,
      height: 4,
      look: 'figure-with-line',
      unit: UNITS.share,
      decimals: 0,
      thresholds: lessIsBetter(0.7, 0.8),
      queries: [
        range(
          'max(memory_usage_bytes{service="$service"}) / max(understudy_memory_limit_bytes{service="$service"})',
          '',
        ),
      ],
    }),
    statPanel({
      id: 4,
      title: 'Processor',
      description: 'Cores that it uses. One is the most that its main thread can take.',
      width: 4,
      height: 4,
      look: 'figure-with-line',
      unit: UNITS.share,
      thresholds: lessIsBetter(0.5, 0.9),
      queries: [range('sum(rate(process_cpu_seconds_total{service="$service"}[1m]))', '')],
    }),
    statPanel({
      id: 5,
      title: 'Errors in this time',
      description: 'Errors that it reported in the shown time.',
      width: 4,
      height: 4,
      look: 'figure',
      unit: UNITS.count,
      decimals: 0,
      thresholds: lessIsBetter(1, 10),
      queries: [instant('sum(increase(understudy_errors_by_severity_total{service="$service"}[$__range]))', '')],
    }),
    statPanel({
      id: 6,
      title: 'Version',
      description: 'The version that runs.',
      width: 4,
      height: 4,
      look: 'figure',
      unit: UNITS.words,
      thresholds: always(NEUTRAL),
      queries: [instant('max by (version) (understudy_build_info{service="$service"})', '{{version}}')],
      showName: true,
    }),
  ],
};

const failures: Section = {
  title: 'Errors',
  panels: [
    timeSeriesPanel({
      id: 10,
      title: 'Errors by severity',
      description: 'Errors that it reported, a minute.',
      width: 12,
      height: 8,
      look: 'bars',
      unit: UNITS.perMinute,
      queries: [
        range(
          'sum by (severity) (rate(understudy_errors_by_severity_total{service="$service"}[$__interval])) * 60',
          '{{severity}}',
        ),
      ],
      overrides: paintAll(SEVERITY_COLOURS),
    }),
    tablePanel({
      id: 11,
      title: 'Errors by code',
      description: 'Which errors it reported in the shown time.',
      width: 12,
      height: 8,
      unit: UNITS.words,
      noValue: 'No error in this time',
      queries: [
        table(`${countIn('understudy_errors_total{service="$service"}', '$__range', ['category', 'code'])} > 0`),
      ],
      columns: [
        { field: 'code', head: 'code', minWidth: 180 },
        { field: 'category', head: 'category', minWidth: 180 },
        { field: 'Value', head: 'times', width: 110, unit: UNITS.count },
      ],
      sortBy: { head: 'times', descending: true },
    }),
    timeSeriesPanel({
      id: 12,
      title: 'Refused inputs',
      description: 'Input that did not have the form it must have, by where it came in.',
      width: 12,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      noValue: 'Nothing was refused in this time',
      queries: [
        range(
          countIn('understudy_bad_input_total{service="$service"}', '$__interval', ['edge', 'reason']),
          '{{edge}}: {{reason}}',
        ),
      ],
    }),
    timeSeriesPanel({
      id: 13,
      title: 'What it could not hand on',
      description:
        'Error events that wait for NATS or were dropped, log lines that no output took, spans that were lost. All should be zero.',
      width: 12,
      height: 7,
      look: 'line',
      unit: UNITS.count,
      queries: [
        range('max(understudy_outbox_pending{service="$service"})', 'waiting for NATS'),
        range('max(understudy_outbox_dropped_total{service="$service"})', 'dropped'),
        range('sum(understudy_log_write_errors_total{service="$service"})', 'log lines lost'),
        range('max(understudy_trace_export_errors_total{service="$service"})', 'batches of spans lost'),
      ],
    }),
  ],
};

const process: Section = {
  title: 'Its process',
  panels: [
    timeSeriesPanel({
      id: 20,
      title: 'Memory',
      description:
        'Resident memory, its limit, and the heap of JavaScript within. A resident line that only rises is a leak.',
      width: 12,
      height: 8,
      look: 'line',
      unit: UNITS.bytes,
      queries: [
        range('max(memory_usage_bytes{service="$service"})', 'resident'),
        range('max(understudy_memory_limit_bytes{service="$service"})', 'limit'),
        range('max(nodejs_heap_size_used_bytes{service="$service"})', 'heap in use'),
        range('max(nodejs_external_memory_bytes{service="$service"})', 'outside the heap'),
      ],
      overrides: paintAll({ limit: BAD }),
    }),
    timeSeriesPanel({
      id: 21,
      title: 'Delay of the event loop',
      description:
        'How late it gets to its work. Above 100 ms a conversation stutters; the watchdog ends a process that stands still.',
      width: 12,
      height: 8,
      look: 'line',
      unit: UNITS.seconds,
      limits: [...always(NEUTRAL), { value: 0.1, color: CARE }],
      queries: [range('max by (statistic) (understudy_event_loop_delay_seconds{service="$service"})', '{{statistic}}')],
    }),
    timeSeriesPanel({
      id: 22,
      title: 'Garbage collection',
      description: 'Share of time that it spends on freeing memory, by kind.',
      width: 12,
      height: 7,
      look: 'stack',
      unit: UNITS.share,
      queries: [range('sum by (kind) (rate(nodejs_gc_duration_seconds_sum{service="$service"}[1m]))', '{{kind}}')],
    }),
    timeSeriesPanel({
      id: 23,
      title: 'Open files and handles',
      description: 'A line that only rises is a leak.',
      width: 12,
      height: 7,
      look: 'line',
      unit: UNITS.count,
      queries: [
        range('max(process_open_fds{service="$service"})', 'open files'),
        range('max(nodejs_active_resources_total{service="$service"})', 'active resources'),
      ],
    }),
  ],
};

const said: Section = {
  title: 'What it says',
  panels: [
    logsPanel({
      id: 30,
      title: 'Its log',
      description: 'Warnings and worse; everything is under Logs. A line leads to its trace.',
      width: 24,
      height: 10,
      noValue: 'It said nothing that worries',
      expr: '{service_namespace="understudy",service_name="$service",level=~"WARNING|ERROR|CRITICAL"} | json | line_format `{{.level}} {{.error_code}} {{.message}}`',
      links: [{ title: 'All its lines', url: linkTo('logs', { service: '$service' }) }],
    }),
  ],
};

/** Any service, from the same points of view: rate, errors, duration, saturation, words. */
export const service = () =>
  createDashboard({
    name: 'service',
    description: 'One service: does it answer, what does it use, what fails, what does it say.',
    from: 'now-1h',
    refresh: '10s',
    variables: [serviceVariable()],
    sections: [state, failures, process, said],
  });
