export type Stack = 'full' | 'lite';

export interface Budget {
  /** Memory at rest, MiB: the control group's usage less inactive files. */
  readonly memoryMib: number;
  /** Per cent of one core at rest. */
  readonly processor: number;
  /** `lite` is the part that both stacks have; `simulated` stands in for a peer and is not there when all are real. */
  readonly in: Stack | 'simulated';
  /** Where its image cannot be run here, the figure of the program itself, and how it was had. */
  readonly byHand?: string;
}

/** What each container may take beside a game. `npm run footprint` fails above it. */
export const BUDGETS: Readonly<Record<string, Budget>> = {
  nats: { memoryMib: 16, processor: 0.4, in: 'lite' },
  redis: { memoryMib: 8, processor: 0.3, in: 'lite' },
  supervisor: { memoryMib: 64, processor: 0.6, in: 'lite' },
  'audio-gateway': { memoryMib: 64, processor: 1.5, in: 'lite' },
  'osc-bridge': { memoryMib: 56, processor: 0.5, in: 'lite' },
  'llm-service': { memoryMib: 60, processor: 0.4, in: 'lite' },
  'cv-service': { memoryMib: 64, processor: 0.6, in: 'lite' },
  prometheus: { memoryMib: 48, processor: 0.3, in: 'lite' },
  alertmanager: { memoryMib: 20, processor: 0.2, in: 'lite' },
  'fluent-bit': { memoryMib: 16, processor: 0.1, in: 'full', byHand: '3 MiB, 0.1 % (5.1.1, built from source)' },
  loki: {
    memoryMib: 120,
    processor: 0.4,
    in: 'full',
    byHand: '42 to 61 MiB, 116 with its program counted, 0.4 % (3.4.6, built from source)',
  },
  tempo: {
    memoryMib: 90,
    processor: 0.3,
    in: 'full',
    byHand: '19 to 44 MiB, 83 with its program counted, 0.3 % (3.0.3, built from source)',
  },
  grafana: { memoryMib: 150, processor: 0.3, in: 'full' },
  simulators: { memoryMib: 72, processor: 6, in: 'simulated' },
};

/** Of the whole stack, without simulators. */
export const LIMITS: Readonly<Record<Stack, { readonly memoryMib: number; readonly processor: number }>> = {
  full: { memoryMib: 800, processor: 3 },
  lite: { memoryMib: 400, processor: 3 },
};

export const belongsTo = (stack: Stack, budget: Budget): boolean => budget.in === 'lite' || budget.in === stack;
