import { SERVICE_NAMES, subjectsOf } from '@understudy/shared/contracts';
import type { KeepRejected } from '@understudy/shared/messaging';
import type { Metrics } from '@understudy/shared/telemetry';

/** Among the messages that are kept for inspection, an error that nobody will handle is counted by itself. */
export function countRejected(metrics: Pick<Metrics, 'inc'>, bot: string, keep: KeepRejected): KeepRejected {
  const subjects = SERVICE_NAMES.map(subjectsOf(bot).error);
  return (message) => {
    keep(message);
    if (subjects.includes(message.subject))
      metrics.inc('understudy_error_events_rejected_total', { edge: 'nats', reason: 'schema' });
  };
}
