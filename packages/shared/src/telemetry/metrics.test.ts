import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS, type MetricRow } from './metric-table.ts';
import { createMetrics, knownLabelSets } from './metrics.ts';

const metricsOf = (service: string) => createMetrics({ service, version: '1.2.3' });

/** The samples of one metric, as they are printed, without those of the histogram's single buckets. */
async function samples(metrics: ReturnType<typeof createMetrics>, name: string): Promise<string[]> {
  const lines = (await metrics.text()).split('\n');
  return lines.filter((line) => line.startsWith(name) && !line.startsWith(`${name}_bucket`));
}

test('the text is OpenMetrics and ends as such', async () => {
  const metrics = metricsOf('llm-service');
  const text = await metrics.text();
  assert.equal(metrics.contentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  assert.ok(text.endsWith('\n# EOF\n'));
  assert.match(text, /^understudy_build_info\{version="1\.2\.3",service="llm-service"\} 1$/m);
  assert.doesNotMatch(text, /nodejs_eventloop_lag/);
  assert.match(text, /^memory_usage_bytes\{service="llm-service"\} \d+$/m);
});

test('each sample carries the service', async () => {
  const text = await metricsOf('osc-bridge').text();
  const without = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.includes('service="osc-bridge"'));
  assert.deepEqual(without, []);
});

test('counters add, gauges stand, histograms count; OpenMetrics names the user\u2019s counter error_count_total', async () => {
  const metrics = metricsOf('supervisor');
  metrics.inc('error_count', { type: 'LLM_API_ERROR' });
  metrics.inc('error_count', { type: 'LLM_API_ERROR' }, 2);
  metrics.inc('understudy_outbox_dropped_total');
  metrics.set('understudy_incidents_open', { severity: 'critical' }, 3);
  metrics.observe('understudy_recovery_duration_seconds', { strategy: 'device_fallback' }, 0.5);
  metrics.observe('understudy_recovery_duration_seconds', { strategy: 'device_fallback' }, 1.5);
  assert.deepEqual(
    [
      await samples(metrics, 'error_count'),
      await samples(metrics, 'understudy_outbox_dropped'),
      await samples(metrics, 'understudy_incidents_open{'),
      (await samples(metrics, 'understudy_recovery_duration_seconds')).filter((line) => line.includes('device')),
    ],
    [
      ['error_count_total{type="LLM_API_ERROR",service="supervisor"} 3'],
      ['understudy_outbox_dropped_total{service="supervisor"} 1'],
      ['understudy_incidents_open{severity="critical",service="supervisor"} 3'],
      [
        'understudy_recovery_duration_seconds_sum{service="supervisor",strategy="device_fallback"} 2',
        'understudy_recovery_duration_seconds_count{service="supervisor",strategy="device_fallback"} 2',
      ],
    ],
  );
});

test('what is known beforehand is born at zero with its owner, a gauge only with its first value', async () => {
  const owner = metricsOf('osc-bridge');
  const other = metricsOf('llm-service');
  owner.zero('understudy_provider_calls_total', { provider: 'primary', outcome: 'failure' });
  assert.deepEqual(
    [
      await samples(owner, 'understudy_osc_messages'),
      await samples(owner, 'understudy_provider_calls'),
      await samples(owner, 'understudy_osc_link_state'),
      await samples(other, 'understudy_osc_messages'),
    ],
    [
      [
        'understudy_osc_messages_total{direction="in",service="osc-bridge"} 0',
        'understudy_osc_messages_total{direction="out",service="osc-bridge"} 0',
      ],
      ['understudy_provider_calls_total{provider="primary",outcome="failure",service="osc-bridge"} 0'],
      [],
      [],
    ],
  );
  owner.set('understudy_osc_link_state', {}, 2);
  other.inc('understudy_osc_messages_total', { direction: 'in' });
  assert.deepEqual(
    [await samples(owner, 'understudy_osc_link_state'), await samples(other, 'understudy_osc_messages')],
    [
      ['understudy_osc_link_state{service="osc-bridge"} 2'],
      ['understudy_osc_messages_total{direction="in",service="llm-service"} 1'],
    ],
  );
});

test('bound handles count the same series as the named ones, each reading once', async () => {
  const metrics = metricsOf('osc-bridge');
  const count = metrics.bindCounter('understudy_osc_messages_total', { direction: 'in' });
  const again = metrics.bindCounter('understudy_osc_messages_total', { direction: 'in' });
  const observe = metrics.bindHistogram('audio_latency_ms', { direction: 'in' });
  count();
  again();
  metrics.inc('understudy_osc_messages_total', { direction: 'in' });
  observe(12);
  const read = async () => [
    ...(await samples(metrics, 'understudy_osc_messages_total{direction="in"')),
    ...(await samples(metrics, 'audio_latency_ms_count')),
  ];
  const expected = [
    'understudy_osc_messages_total{direction="in",service="osc-bridge"} 3',
    'audio_latency_ms_count{service="osc-bridge",direction="in"} 1',
  ];
  assert.deepEqual([await read(), await read()], [expected, expected]);
});

test('a value that is none is dropped and counted, and nothing throws', async () => {
  const metrics = metricsOf('llm-service');
  metrics.observe('response_time_seconds', {}, Number.NaN);
  metrics.bindHistogram('response_time_seconds', {})(Number.POSITIVE_INFINITY);
  metrics.set('understudy_outbox_pending', {}, Number.NaN);
  metrics.inc('understudy_outbox_dropped_total', {}, -1);
  assert.deepEqual(
    [
      await samples(metrics, 'understudy_metric_values_rejected'),
      await samples(metrics, 'response_time_seconds_count'),
      await samples(metrics, 'understudy_outbox_pending'),
    ],
    [
      [
        'understudy_metric_values_rejected_total{metric="response_time_seconds",service="llm-service"} 2',
        'understudy_metric_values_rejected_total{metric="understudy_outbox_pending",service="llm-service"} 1',
        'understudy_metric_values_rejected_total{metric="understudy_outbox_dropped_total",service="llm-service"} 1',
      ],
      ['response_time_seconds_count{service="llm-service"} 0'],
      [],
    ],
  );
});

test('another name, another label or another value of a label is a type error', () => {
  const metrics = metricsOf('llm-service');
  const never = (): void => {
    // @ts-expect-error: no such metric
    metrics.inc('understudy_nothing_total');
    // @ts-expect-error: a counter is not observed
    metrics.observe('error_count', { type: 'x' }, 1);
    // @ts-expect-error: labels are missing
    metrics.inc('error_count');
    // @ts-expect-error: one label is missing
    metrics.inc('understudy_bad_input_total', { edge: 'http' });
    // @ts-expect-error: a label that the metric does not have
    metrics.observe('response_time_seconds', { provider: 'x' }, 1);
    // @ts-expect-error: a value that the label cannot have
    metrics.set('understudy_mode', { mode: 'asleep' }, 1);
  };
  assert.equal(typeof never, 'function');
});

test('label sets: every combination, or none when a label is open', () => {
  const row = (labels: MetricRow['labels']): MetricRow => ({ type: 'counter', help: 'x', labels });
  assert.deepEqual(
    [
      knownLabelSets(row({})),
      knownLabelSets(row({ a: ['1', '2'], b: ['x'] })),
      knownLabelSets(row({ a: ['1', '2'], b: 'open' })),
    ],
    [
      [{}],
      [
        { a: '1', b: 'x' },
        { a: '2', b: 'x' },
      ],
      [],
    ],
  );
});

const USERS = ['response_time_seconds', 'audio_latency_ms', 'memory_usage_bytes', 'error_count'];
const SUFFIX = { seconds: /_seconds(_total)?$/, milliseconds: /_ms$/, bytes: /_bytes$/ } as const;

for (const [name, row] of Object.entries<MetricRow>(METRICS)) {
  test(`${name} follows the naming guide`, () => {
    const isUsers = USERS.includes(name);
    assert.match(name, isUsers ? /^/ : /^understudy_[a-z_]+$/);
    assert.equal(row.type === 'counter', name.endsWith('_total') || name === 'error_count');
    assert.match(name, row.unit === undefined ? /^/ : SUFFIX[row.unit]);
    assert.ok(!('service' in row.labels), 'the default label `service` would collide');
    assert.match(row.help, /\.$/);
    assert.deepEqual(row.buckets !== undefined, row.type === 'histogram');
    assert.deepEqual(
      row.buckets ?? [],
      [...new Set(row.buckets)].sort((a, b) => a - b),
    );
    assert.ok(knownLabelSets(row).length <= 40, 'too many series for one metric');
  });
}

test('a gauge whose series come and go has the rows that it was given last, and without any it says nothing', async () => {
  const metrics = metricsOf('supervisor');
  const streams = (rows: Record<string, number>) =>
    metrics.replace(
      'understudy_stream_messages',
      Object.entries(rows).map(([stream, value]) => ({ labels: { stream }, value })),
    );
  streams({ errors: 1, incidents: 2 });
  streams({ incidents: 3, keys: Number.NaN });
  metrics.set('understudy_nats_memory_bytes', {}, 5);
  metrics.replace('understudy_nats_memory_bytes', []);
  assert.deepEqual(
    [
      await samples(metrics, 'understudy_stream_messages'),
      await samples(metrics, 'understudy_nats_memory_bytes'),
      await samples(metrics, 'understudy_metric_values_rejected_total'),
    ],
    [
      ['understudy_stream_messages{stream="incidents",service="supervisor"} 3'],
      [],
      ['understudy_metric_values_rejected_total{metric="understudy_stream_messages",service="supervisor"} 1'],
    ],
  );
});
