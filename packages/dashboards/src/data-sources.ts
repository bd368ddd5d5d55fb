/** The uids under which infra/grafana/provisioning declares them. */
export const DATA_SOURCES = {
  prometheus: 'prometheus',
  loki: 'loki',
  tempo: 'tempo',
  alertmanager: 'alertmanager',
} as const;
export type DataSource = keyof typeof DATA_SOURCES;

export const dataSourceRef = (source: DataSource) => ({ type: source, uid: DATA_SOURCES[source] });
