/** The user's levels. Higher is worse; names and numbers are fixed. */
export const SEVERITY = { CRITICAL: 5, ERROR: 4, WARNING: 3, INFO: 2, DEBUG: 1 } as const;
export type Severity = keyof typeof SEVERITY;
export const SEVERITIES = Object.keys(SEVERITY) as readonly Severity[];

export const isAtLeast = (severity: Severity, floor: Severity): boolean => SEVERITY[severity] >= SEVERITY[floor];

export const worseOf = (a: Severity, b: Severity): Severity => (SEVERITY[a] >= SEVERITY[b] ? a : b);
