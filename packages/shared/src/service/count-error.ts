import { defineError, type ErrorCode } from '../errors/index.ts';
import { type Metrics, severityLabel } from '../telemetry/index.ts';

/** One error detected, under each of the names by which it is counted. */
export function countError(metrics: Pick<Metrics, 'inc'>, code: ErrorCode): void {
  const { category, severity: word } = defineError(code);
  const severity = severityLabel(word);
  metrics.inc('error_count', { type: category });
  metrics.inc('understudy_errors_total', { category, code, severity });
  metrics.inc('understudy_errors_by_severity_total', { severity });
}
