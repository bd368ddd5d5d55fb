import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { METRICS, type MetricRow } from '@understudy/shared/telemetry';
import { FULL_PARTS } from '../parts.ts';
import { configOf } from '../testing/configs.ts';
import { readPromql, type Selector } from '../testing/read-promql.ts';
import { OBJECTIVES } from './objectives.ts';
import { ruleGroups } from './render-rules.ts';

/** Labels that Prometheus adds when it scrapes. */
const ADDED = ['job', 'instance', 'service'];

/** Metrics of other programs, each with its own labels: as their documentation and their /metrics name them. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  up: [],
  process_start_time_seconds: [],
  process_cpu_seconds_total: [],
  alertmanager_notifications_failed_total: ['integration', 'reason'],
  prometheus_rule_evaluation_failures_total: ['rule_group'],
  fluentbit_storage_fs_chunks: [],
  fluentbit_output_dropped_records_total: ['name'],
  fluentbit_output_retries_failed_total: ['name'],
  fluentbit_input_ingestion_paused: ['name'],
};

const table: Readonly<Record<string, MetricRow>> = METRICS;
const rules = ruleGroups(configOf(), FULL_PARTS).flatMap((group) => group.rules);

/** What a histogram is read by, and what OpenMetrics makes of a counter without `_total`. */
const readAs = (name: string, { type }: MetricRow): readonly [string, readonly string[]][] => {
  if (type === 'histogram')
    return [
      [`${name}_bucket`, ['le']],
      [`${name}_count`, []],
      [`${name}_sum`, []],
    ];
  return type === 'counter' && !name.endsWith('_total') ? [[`${name}_total`, []]] : [[name, []]];
};

const known = new Map<string, readonly string[]>([
  ...Object.entries(FOREIGN),
  ...Object.entries(table).flatMap(([name, row]) =>
    readAs(name, row).map(([read, more]): [string, readonly string[]] => [read, [...Object.keys(row.labels), ...more]]),
  ),
]);
const recorded = new Map(
  rules.flatMap((rule) => ('record' in rule ? [[rule.record, readPromql(rule.expr).grouping] as const] : [])),
);
for (const [name, grouping] of recorded) known.set(name, [...grouping, 'objective']);

const unknownOf = ({ metric, labels }: Selector): string[] => {
  const allowed = known.get(metric);
  if (allowed === undefined) return [metric];
  return labels.filter((label) => ![...allowed, ...ADDED].includes(label)).map((label) => `${metric}{${label}}`);
};

describe('what the rules ask for', () => {
  for (const rule of rules) {
    const name = 'alert' in rule ? rule.alert : `${rule.record} ${rule.labels?.['objective'] ?? ''}`;
    it(`${name}: is PromQL, and every metric and label in it exists`, () => {
      const { isValid, selectors } = readPromql(rule.expr);
      assert.deepEqual({ isValid, unknown: selectors.flatMap(unknownOf) }, { isValid: true, unknown: [] });
    });
  }

  it('records nothing under the name of a metric', () => {
    assert.deepEqual(
      [...recorded.keys()].filter((name) => name !== 'error_count' && (name in FOREIGN || name in METRICS)),
      [],
    );
  });

  it('judges objectives by bounds that are buckets', () => {
    const bounds = [
      [OBJECTIVES.answer.good('5m'), METRICS.understudy_answer_duration_seconds.buckets],
      [OBJECTIVES.recovery.good('5m'), METRICS.understudy_recovery_duration_seconds.buckets],
    ] as const;
    for (const [expr, buckets] of bounds) {
      const bound = Number(/le=~"([\d.]+)\(/.exec(expr)?.[1]);
      assert.ok(buckets.includes(bound), `${bound} is not among ${buckets.join(', ')}`);
    }
  });
});
