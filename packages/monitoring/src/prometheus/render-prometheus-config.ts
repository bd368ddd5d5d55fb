import { stringify } from 'yaml';
import type { StackFacts } from '../facts.ts';
import { type FullPart, partsOf } from '../parts.ts';

/** Recoveries last seconds: a service that is asked every 15 s would show none of them. */
const SERVICE_INTERVAL = '5s';

/** Where a part's metrics are, when it is not `/metrics`. */
const METRICS_PATHS: Partial<Record<FullPart, string>> = { 'fluent-bit': '/api/v2/metrics/prometheus' };

const job = (name: string, address: string, path?: string) => ({
  job_name: name,
  ...(path === undefined ? {} : { metrics_path: path }),
  static_configs: [{ targets: [address] }],
});

/** Prometheus' configuration. Keys are those that 3.5 knows, the oldest that was tried. */
export function renderPrometheusConfig({ stack, addresses, hostExporters }: StackFacts): string {
  const config = {
    global: { scrape_interval: '15s', scrape_timeout: '4s', evaluation_interval: SERVICE_INTERVAL },
    storage: { exemplars: { max_exemplars: 20_000 } },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [addresses.alertmanager] }] }] },
    rule_files: ['rules/*.yml'],
    scrape_configs: [
      {
        job_name: 'services',
        scrape_interval: SERVICE_INTERVAL,
        // Exemplars exist in OpenMetrics only.
        scrape_protocols: ['OpenMetricsText1.0.0', 'PrometheusText0.0.4'],
        // Each series says its service itself; without this it would be kept as `exported_service`.
        honor_labels: true,
        file_sd_configs: [{ files: ['targets/services.json'] }],
      },
      job('prometheus', addresses.prometheus),
      job('alertmanager', addresses.alertmanager),
      ...partsOf(stack).map((part) => job(part, addresses[part], METRICS_PATHS[part])),
      // The machine itself, where its operator has installed an exporter; no rule asks for it.
      { job_name: 'host', static_configs: [{ targets: hostExporters }] },
    ],
  };
  return stringify(config, { lineWidth: 0 });
}
