import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parser } from '@grafana/lezer-logql';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string): unknown => parse(readFileSync(join(ROOT, path), 'utf8'));

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The value at `/`-separated keys, of which some have dots in them. */
function at(document: unknown, path: string): unknown {
  return path.split('/').reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), document);
}

/** What a line's safe arrival, the bounds of memory and disk, or another file depends on; the reasons stand in the files. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'infra/fluent-bit/fluent-bit.yaml': {
    'service/storage.path': '/var/lib/fluent-bit/storage',
    'service/storage.sync': 'full',
    'service/http_port': 2020,
    'pipeline/inputs/0/path': '/logs/*.log,/logs/*.log.1',
    'pipeline/inputs/1/path': '/host-logs/*.log,/host-logs/*.log.1',
    'pipeline/inputs/1/inotify_watcher': 'off',
    ...Object.fromEntries(
      [0, 1].flatMap((input) =>
        Object.entries({
          'db.sync': 'full',
          read_from_head: 'on',
          truncate_long_lines: 'on',
          'storage.type': 'filesystem',
          // It would stop the reading when 16 chunks wait, long before the disk buffer is full.
          'storage.pause_on_chunks_overlimit': undefined,
        }).map(([key, value]) => [`pipeline/inputs/${input}/${key}`, value]),
      ),
    ),
    'pipeline/outputs/0/retry_limit': 'no_limits',
    'pipeline/outputs/0/storage.total_limit_size': '1G',
    'pipeline/outputs/0/labels': 'service_namespace=understudy, service_name=$TAG[1], level=$level',
    'pipeline/outputs/0/structured_metadata': 'trace_id=$trace_id',
  },
  'infra/loki/loki.yaml': {
    'ingester/max_chunk_age': '336h',
    'ingester/wal/enabled': true,
    'querier/query_ingesters_within': '0s',
    'limits_config/reject_old_samples_max_age': '720h',
    'limits_config/retention_period': '720h',
    'limits_config/max_line_size_truncate': true,
    'limits_config/allow_structured_metadata': true,
    'compactor/retention_enabled': true,
    'ruler/storage/local/directory': '/etc/understudy/rules',
    'analytics/reporting_enabled': false,
  },
  'infra/tempo/tempo.yaml': {
    'distributor/receivers/otlp/protocols/http/endpoint': '0.0.0.0:4318',
    'overrides/defaults/compaction/block_retention': '72h',
    'overrides/defaults/metrics_generator/processors': ['service-graphs'],
    'usage_report/reporting_enabled': false,
  },
};

suite('the configurations of Fluent Bit, Loki and Tempo', () => {
  for (const [file, settings] of Object.entries(SETTINGS)) {
    test(`${file} has what others rely on`, () => {
      const document = read(file);
      assert.deepEqual(Object.fromEntries(Object.keys(settings).map((path) => [path, at(document, path)])), settings);
    });
  }

  test('the two inputs of Fluent Bit differ only in their folder and in how they notice new lines', () => {
    const [container, host] = at(read('infra/fluent-bit/fluent-bit.yaml'), 'pipeline/inputs') as Record<
      string,
      unknown
    >[];
    const own = { path: '', db: '', inotify_watcher: '' };
    assert.deepEqual({ ...host, ...own }, { ...container, ...own });
  });
});

interface LogRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
const rules = (at(read('infra/loki/rules/fake/log-alerts.yml'), 'groups/0/rules') as LogRule[]) ?? [];

function logqlErrors(expr: string): string[] {
  const errors: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, from }) => void (type.isError && errors.push(`${expr.slice(0, from)}<-- here`)),
  });
  return errors;
}

suite('the alerts of Loki', () => {
  test('the parser finds an error where there is one', () =>
    assert.equal(logqlErrors('{level="ERROR"} | | json').length > 0, true));

  for (const { alert, expr, labels, annotations } of rules) {
    test(`${alert} parses, says everything and has its page`, () => {
      assert.deepEqual(logqlErrors(expr), []);
      assert.match(labels['severity'] ?? '', /^(critical|error|warning)$/);
      assert.equal(labels['service'], '{{ $labels.service_name }}');
      assert.deepEqual(Object.keys(annotations), ['summary', 'description', 'works', 'done', 'remedy', 'runbook_url']);
      assert.equal(annotations['runbook_url'], `http://127.0.0.1:8700/v1/runbooks/${alert}`);
      assert.ok(existsSync(join(ROOT, 'docs', 'runbooks', `${alert}.md`)), `docs/runbooks/${alert}.md`);
    });
  }
});
