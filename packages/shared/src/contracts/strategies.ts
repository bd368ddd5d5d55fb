/** The recovery strategies; each is one file of services/supervisor/src/recover. */
export const STRATEGIES = [
  'device_fallback',
  'reconnect_retry',
  'cache_fallback',
  'disable_feature',
  'default_fallback',
  'clear_and_restart',
] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** Why it failed, and so how it is paced. `none`: it is not a failure of ours (a refusal), nothing is to be recovered. */
export const CAUSES = ['transient', 'intermittent', 'permanent', 'needs_operator', 'none'] as const;
export type Cause = (typeof CAUSES)[number];
