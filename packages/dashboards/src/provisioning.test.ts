import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SEVERITIES } from '@understudy/shared/contracts';
import { parse } from 'yaml';
import { dashboardFiles } from './dashboard-files.ts';
import { DASHBOARDS } from './dashboards/addresses.ts';
import { DATA_SOURCES } from './data-sources.ts';
import { readDashboard } from './testing/dashboard-json.ts';
import { KNOWN_SERIES } from './testing/known-series.ts';
import { parseLogql } from './testing/parse-logql.ts';
import { parsePromql } from './testing/parse-promql.ts';

const infra = join(import.meta.dirname, '../../../infra/grafana');
const text = (path: string) => readFileSync(join(infra, path), 'utf8');
const dataSourcesYaml = text('provisioning/datasources/understudy.yaml');

interface Provisioned {
  readonly datasources: readonly {
    readonly uid: string;
    readonly type: string;
    readonly url: string;
    readonly jsonData: {
      readonly tracesToLogsV2?: { readonly query: string };
      readonly tracesToMetrics?: { readonly queries: readonly { readonly query: string }[] };
    };
  }[];
}
const provisioned: Provisioned = parse(dataSourcesYaml);

describe('data sources', () => {
  it('are those of the dashboards, at their names in the stack', () => {
    assert.deepEqual(
      provisioned.datasources.map(({ uid, type, url }) => ({ uid, type, url })),
      [
        { uid: DATA_SOURCES.prometheus, type: 'prometheus', url: 'http://prometheus:9090' },
        { uid: DATA_SOURCES.loki, type: 'loki', url: 'http://loki:3100' },
        { uid: DATA_SOURCES.tempo, type: 'tempo', url: 'http://tempo:3200' },
        { uid: DATA_SOURCES.alertmanager, type: 'alertmanager', url: 'http://alertmanager:9093' },
      ],
    );
  });
  it('lead to each other', () => {
    const linked = [...dataSourcesYaml.matchAll(/(?:datasourceUid|alertmanagerUid): (\w+)/g)].map(([, uid]) => uid);
    const known: readonly string[] = Object.values(DATA_SOURCES);
    assert.deepEqual(
      linked.filter((uid) => uid === undefined || !known.includes(uid)),
      [],
    );
    assert.match(dataSourcesYaml, new RegExp(`/d/${DASHBOARDS.incidents.uid}\\?var-incident=`));
  });
  it('ask in their own languages', () => {
    const jsonData = provisioned.datasources.find(({ uid }) => uid === 'tempo')?.jsonData;
    assert.deepEqual(parseLogql(jsonData?.tracesToLogsV2?.query.replace('$${__span.traceId}', 'x') ?? '|').errors, []);
    const queries = jsonData?.tracesToMetrics?.queries ?? [];
    assert.equal(queries.length, 2);
    for (const { query } of queries) {
      const { errors, selections } = parsePromql(query.replace('$$__tags', 'service="x"'));
      assert.deepEqual(errors, [], query);
      for (const { metric } of selections) assert.ok(KNOWN_SERIES.has(metric), metric);
    }
  });
});

it('every panel asks a data source that is provisioned', () => {
  const asked = Object.values(dashboardFiles()).flatMap((json) =>
    readDashboard(json).panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource.uid)),
  );
  assert.deepEqual([...new Set(asked)].sort(), ['loki', 'prometheus', 'tempo']);
});

it('Logs can choose every level: those of the loggers, and the one that Fluent Bit gives to a line that is no JSON', () => {
  const { templating } = readDashboard(dashboardFiles()['infra/grafana/dashboards/logs.json'] ?? '');
  const shipper = readFileSync(join(infra, '../fluent-bit/fluent-bit.yaml'), 'utf8');
  const given = /key: level, value: (\w+)/.exec(shipper)?.[1] ?? 'none';
  const chosen = templating.list.find(({ name }) => name === 'level')?.query;
  assert.deepEqual(String(chosen).split(',').sort(), [...SEVERITIES, given].sort());
});

describe('grafana.ini', () => {
  const ini = text('grafana.ini');
  const value = (key: string) => new RegExp(`^${key} = (.*)$`, 'm').exec(ini)?.[1];

  it('opens on Home, and allows its refresh', () => {
    assert.equal(value('default_home_dashboard_path'), '/etc/grafana/dashboards/home.json');
    assert.equal(
      value('min_refresh_interval'),
      readDashboard(dashboardFiles()['infra/grafana/dashboards/home.json'] ?? '').refresh,
    );
  });
  it('holds no password, lets a stranger only look, and tells nobody', () => {
    assert.equal(value('admin_password'), '$__file{/run/grafana-secrets/admin_password}');
    assert.equal(value('org_role'), 'Viewer');
    assert.equal(value('allow_sign_up'), 'false');
    // A link to a trace opens Explore, which Grafana else shuts to a viewer.
    assert.equal(value('viewers_can_edit'), 'true');
    for (const off of ['reporting_enabled', 'check_for_updates', 'check_for_plugin_updates', 'news_feed_enabled'])
      assert.equal(value(off), 'false', off);
  });
});
