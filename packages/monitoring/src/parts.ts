/** Programs that only the full stack has; the lite one keeps logs in files and has no pages. */
export const FULL_PARTS = ['fluent-bit', 'loki', 'tempo', 'grafana'] as const;
export type FullPart = (typeof FULL_PARTS)[number];

export const STACKS = ['full', 'lite'] as const;
export type Stack = (typeof STACKS)[number];

export const partsOf = (stack: Stack): readonly FullPart[] => (stack === 'full' ? FULL_PARTS : []);
