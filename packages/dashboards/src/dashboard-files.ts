import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardName } from './dashboards/addresses.ts';
import { alerts } from './dashboards/alerts.ts';
import { conversation } from './dashboards/conversation.ts';
import { home } from './dashboards/home.ts';
import { incidents } from './dashboards/incidents.ts';
import { logs } from './dashboards/logs.ts';
import { resources } from './dashboards/resources.ts';
import { service } from './dashboards/service.ts';

/** Every dashboard, by the name of its file. */
export const allDashboards = (): Record<DashboardName, Dashboard> => ({
  home: home(),
  incidents: incidents(),
  conversation: conversation(),
  service: service(),
  resources: resources(),
  logs: logs(),
  alerts: alerts(),
});

/** What Grafana reads: path in the checkout -> JSON. */
export const dashboardFiles = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(allDashboards()).map(([name, dashboard]) => [
      `infra/grafana/dashboards/${name}.json`,
      `${JSON.stringify(dashboard, null, 2)}\n`,
    ]),
  );
