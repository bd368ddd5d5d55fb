import { createMetrics, type Metrics } from '@understudy/shared/telemetry';

/** The real metrics, and their lines without comments, help and what a test did not touch. */
export function createCountedMetrics(): { metrics: Metrics; lines: (prefix: string) => Promise<string[]> } {
  const metrics = createMetrics({ service: 'supervisor', version: 'test' });
  const lines = async (prefix: string): Promise<string[]> =>
    (await metrics.text())
      .split('\n')
      .filter((line) => line.startsWith(prefix) && !line.endsWith(' 0'))
      .map((line) => line.replace(/,?service="supervisor",?/, '').replace('{}', ''));
  return { metrics, lines };
}
