export * from './dashboard-json.ts';
export { fillIn } from './grafana-values.ts';
