import type { Metrics } from '@understudy/shared/telemetry';
import type { Link } from './link.ts';

const STATE_VALUES = { lost: 0, quiet: 1, connected: 2 } as const satisfies Record<Link['state'], number>;

/** VRChat's failures in a row are the questions that it has left without any sign of life. */
export function measureLink(metrics: Pick<Metrics, 'set'>, { state, unanswered }: Link): void {
  metrics.set('understudy_osc_link_state', {}, STATE_VALUES[state]);
  metrics.set('understudy_consecutive_failures', { peer: 'vrchat' }, unanswered);
}
