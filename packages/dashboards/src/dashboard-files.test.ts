import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { dashboardFiles } from './dashboard-files.ts';
import { type Panel, readDashboard } from './testing/dashboard-json.ts';

const root = join(import.meta.dirname, '../../..');
const files = dashboardFiles();

/** What has words instead of values. */
const WITHOUT_UNIT = ['text', 'logs', 'nodeGraph'];

function flawsOf(panel: Panel): string[] {
  if (panel.type === 'row') return panel.title ? [] : ['no title'];
  return [
    ...(panel.title ? [] : ['no title']),
    ...(panel.description ? [] : ['no description']),
    ...(WITHOUT_UNIT.includes(panel.type) || panel.fieldConfig?.defaults.unit ? [] : ['no unit']),
    ...(panel.gridPos.x + panel.gridPos.w > 24 ? ['wider than the page'] : []),
  ];
}

it('the checked-in dashboards are those of the code (npm run docs), and no other', () => {
  const folder = 'infra/grafana/dashboards';
  const checkedIn = readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  assert.deepEqual(Object.fromEntries(checkedIn.map((path) => [path, readFileSync(join(root, path), 'utf8')])), files);
});

it('no two dashboards share a uid', () => {
  const uids = Object.values(files).map((json) => readDashboard(json).uid);
  assert.deepEqual([...new Set(uids)], uids);
});

for (const [file, json] of Object.entries(files)) {
  const dashboard = readDashboard(json);
  describe(file, () => {
    it('gives each panel an id of its own', () => {
      const ids = dashboard.panels.map(({ id }) => id);
      assert.deepEqual([...new Set(ids)], ids);
    });
    for (const panel of dashboard.panels)
      it(`"${panel.title}" says what it is and in which unit`, () => assert.deepEqual(flawsOf(panel), []));
    it('leads to dashboards that exist', () => {
      const known = Object.values(files).map((text) => readDashboard(text).uid);
      const linked = [...json.matchAll(/\/d\/([a-z-]+)/g)].map(([, uid]) => uid ?? '');
      assert.deepEqual(
        linked.filter((uid) => !known.includes(uid)),
        [],
      );
    });
  });
}
