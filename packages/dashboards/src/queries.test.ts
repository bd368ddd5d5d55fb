import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dashboardFiles } from './dashboard-files.ts';
import { readDashboard } from './testing/dashboard-json.ts';
import { fillIn } from './testing/grafana-values.ts';
import { KNOWN_SERIES } from './testing/known-series.ts';
import { parseLogql } from './testing/parse-logql.ts';
import { parsePromql } from './testing/parse-promql.ts';

/** The labels that Fluent Bit gives to a line's stream. */
const STREAM_LABELS = ['service_namespace', 'service_name', 'level'];

/** `label_values(METRIC, LABEL)` and `query_result(EXPR)`: the query within. */
const insideOf = (variable: string): string => variable.replace(/^\w+\(/, '').replace(/(, \w+)?\)$/, '');

function assertPromql(expr: string, where: string): void {
  const { errors, selections, groupings } = parsePromql(fillIn(expr, 'supervisor'));
  assert.deepEqual(errors, [], `${where}: no PromQL: ${expr}`);
  const known = new Set(['le']);
  for (const { metric, labels } of selections) {
    const its = KNOWN_SERIES.get(metric);
    assert.ok(its, `${where}: nobody makes ${metric}; see METRICS, or testing/known-series.ts`);
    for (const label of its) known.add(label);
    for (const label of labels) assert.ok(its.has(label), `${where}: ${metric} has no label ${label}`);
  }
  for (const label of groupings) assert.ok(known.has(label), `${where}: no series of it has the label ${label}`);
}

function assertLogql(expr: string, where: string): void {
  const { errors, streamLabels } = parseLogql(fillIn(expr, 'supervisor'));
  assert.deepEqual(errors, [], `${where}: no LogQL: ${expr}`);
  assert.deepEqual(
    streamLabels.filter((label) => !STREAM_LABELS.includes(label)),
    [],
    where,
  );
}

for (const [file, json] of Object.entries(dashboardFiles())) {
  const dashboard = readDashboard(json);
  describe(file, () => {
    for (const panel of dashboard.panels) {
      for (const target of panel.targets ?? []) {
        const where = `"${panel.title}" ${target.refId}`;
        if (target.datasource.uid === 'prometheus') it(where, () => assertPromql(target.expr ?? '', where));
        if (target.datasource.uid === 'loki') it(where, () => assertLogql(target.expr ?? '', where));
      }
    }
    for (const { name, expr } of dashboard.annotations.list) it(`marks: ${name}`, () => assertPromql(expr, name));
    for (const { name, query, type } of dashboard.templating.list) {
      if (type === 'query' && typeof query === 'object')
        it(`variable ${name}`, () => assertPromql(insideOf(query.query), name));
    }
  });
}

it('sees a wrong name, a wrong label and wrong syntax', () => {
  assert.throws(() => assertPromql('understudy_moods', 'x'), /nobody makes understudy_moods/);
  assert.throws(() => assertPromql('understudy_mode{mood="full"}', 'x'), /understudy_mode has no label mood/);
  assert.throws(() => assertPromql('sum by (mood) (understudy_mode)', 'x'), /has the label mood/);
  assert.throws(() => assertPromql('sum(understudy_mode', 'x'), /no PromQL/);
  assert.throws(() => assertLogql('{service_name="x"} | | json', 'x'), /no LogQL/);
  assert.throws(() => assertLogql('{service="x"}', 'x'), /service/);
});
