/**
 * VRChat counts the pause where it takes the messages: while it lags, one that waited comes close behind the next, as much
 * closer as it lags. So the pause grows by the lag, to the double at the most.
 */
export const widenInterval = (minIntervalMs: number, lagMs: number): number =>
  minIntervalMs + Math.min(Math.max(0, lagMs), minIntervalMs);
