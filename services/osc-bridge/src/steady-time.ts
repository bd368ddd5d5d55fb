/** Milliseconds that only ever go forward, from anywhere: pacing and leases must survive a system clock that is set. */
export type SteadyNow = () => number;
