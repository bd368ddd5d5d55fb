import type { RecoveryStrategy } from './recovery-strategy.ts';
import { waitForOperator } from './wait-for-operator.ts';

/** A wrong configuration: at a start the service refuses by itself; on a reload the last known good stays until a reload succeeds. */
export const defaultFallback: RecoveryStrategy = {
  name: 'default_fallback',
  limit: () => 0,
  escalate: 'operator',
  next: (view) => waitForOperator(view, 'last_known_good', view.policy.default_fallback.watch_interval_ms),
};
