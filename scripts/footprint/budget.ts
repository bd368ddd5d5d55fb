export type Stack = 'full' | 'lite';

export interface Budget {
  /** Memory at rest, MiB: the control group's usage less inactive files. */
  readonly memoryMib: number;
  /** On top of it in the full stack. */
  readonly tracingMib?: number;
  /** Per cent of one core at rest. */
  readonly processor: number;
  /** `lite` is the part that both stacks have; `simulated` stands in for a peer and is not there when all are real. */
  readonly in: Stack | 'simulated';
  /** Where its image cannot be run here, the figure of the program itself, and how it was had. */
  readonly byHand?: string;
}

/** The tracing SDK, which a service loads only where there is a trace store. */
const TRACING_MIB = 10;

/** What each container may take beside a game. `npm run footprint` fails above it. */
export const BUDGETS: Readonly<Record<string, Budget>> = {
  nats: { memoryMib: 8, processor: 0.2, in: 'lite' },
  redis: { memoryMib: 4, processor: 0.1, in: 'lite' },
  supervisor: { memoryMib: 70, tracingMib: TRACING_MIB, processor: 0.3, in: 'lite' },
  'audio-gateway': { memoryMib: 70, tracingMib: TRACING_MIB, processor: 1, in: 'lite' },
  'osc-bridge': { memoryMib: 58, tracingMib: TRACING_MIB, processor: 0.3, in: 'lite' },
  'llm-service': { memoryMib: 64, tracingMib: TRACING_MIB, processor: 0.2, in: 'lite' },
  'cv-service': { memoryMib: 76, tracingMib: TRACING_MIB, processor: 0.4, in: 'lite' },
  // The full stack has more to scrape.
  prometheus: { memoryMib: 34, tracingMib: 8, processor: 0.15, in: 'lite' },
  alertmanager: { memoryMib: 15, processor: 0.05, in: 'lite' },
  'fluent-bit': { memoryMib: 8, processor: 0.05, in: 'full', byHand: '3 MiB, 0.1 % (5.1.1, built from source)' },
  loki: {
    memoryMib: 116,
    processor: 0.1,
    in: 'full',
    byHand: '42 to 61 MiB, 116 with its program counted, 0.4 % (3.4.6, built from source)',
  },
  tempo: {
    memoryMib: 86,
    processor: 0.1,
    in: 'full',
    byHand: '19 to 44 MiB, 83 with its program counted, 0.3 % (3.0.3, built from source)',
  },
  grafana: {
    memoryMib: 128,
    processor: 0.05,
    in: 'full',
    byHand: '155 MB resident soon after its start, its program and shared files counted (9.4, built from source)',
  },
  simulators: { memoryMib: 60, processor: 6, in: 'simulated' },
};

/** Of the whole stack, without simulators. */
export const LIMITS: Readonly<Record<Stack, { readonly memoryMib: number; readonly processor: number }>> = {
  full: { memoryMib: 800, processor: 3 },
  lite: { memoryMib: 400, processor: 3 },
};

export const belongsTo = (stack: Stack, budget: Budget): boolean => budget.in === 'lite' || budget.in === stack;

/** What a container may take in this stack, MiB. */
export const memoryIn = (stack: Stack, { memoryMib, tracingMib = 0 }: Budget): number =>
  stack === 'full' ? memoryMib + tracingMib : memoryMib;
