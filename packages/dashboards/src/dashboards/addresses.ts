/** Dashboards by uid: `/d/UID` stays valid whatever a dashboard is called. */
export const DASHBOARDS = {
  home: { uid: 'understudy-home', title: 'Home' },
  incidents: { uid: 'understudy-incidents', title: 'Incidents and recovery' },
  conversation: { uid: 'understudy-conversation', title: 'Conversation' },
  service: { uid: 'understudy-service', title: 'Service' },
  resources: { uid: 'understudy-resources', title: 'Resources' },
  logs: { uid: 'understudy-logs', title: 'Logs' },
  alerts: { uid: 'understudy-alerts', title: 'Alerts and objectives' },
} as const;
export type DashboardName = keyof typeof DASHBOARDS;

/**
 * The address of a dashboard over the time that is shown.
 * @param variables by name; a value may be a Grafana expression such as `${__data.fields.incident_id}`
 */
export function linkTo(name: DashboardName, variables: Readonly<Record<string, string>> = {}): string {
  const query = Object.entries(variables).map(([variable, value]) => `&var-${variable}=${value}`);
  return `/d/${DASHBOARDS[name].uid}?\${__url_time_range}${query.join('')}`;
}
